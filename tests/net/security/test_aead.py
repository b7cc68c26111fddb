"""Key agreement and authenticated encryption."""

import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.errors import DecodeError, EncryptionUnavailable
from net.security.aead import (
    PRIVATE_KEY_BYTES,
    TAG_BYTES,
    AeadCipher,
    KeyPair,
    require_available,
)

KEY = bytes(range(32))


def pair(seed):
    return KeyPair(Random(seed).randbytes(PRIVATE_KEY_BYTES))


def test_both_ends_and_nobody_else_share_a_secret():
    ana, ben, eve = pair(1), pair(2), pair(3)
    assert ana.shared_secret(ben.public_bytes) == ben.shared_secret(ana.public_bytes)
    assert ana.shared_secret(ben.public_bytes) != eve.shared_secret(ben.public_bytes)


@pytest.mark.parametrize("key", [b"", b"short", bytes(32), b"\x01" + bytes(31)])
def test_an_invalid_or_low_order_public_key_is_a_decode_error(key):
    with pytest.raises(DecodeError):
        pair(1).shared_secret(key)


@given(st.binary(max_size=1200), st.integers(0, 2**64 - 1))
def test_decrypting_returns_the_encrypted_body(body, number):
    ciphertext = AeadCipher(KEY).encrypt(number, body, b"header")
    assert len(ciphertext) == len(body) + TAG_BYTES
    assert AeadCipher(KEY).decrypt(number, ciphertext, b"header") == body


@given(st.integers(0, 5 + TAG_BYTES - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(index, flip):
    ciphertext = bytearray(AeadCipher(KEY).encrypt(7, b"input", b"header"))
    ciphertext[index] ^= flip
    assert AeadCipher(KEY).decrypt(7, bytes(ciphertext), b"header") is None


def test_another_key_number_or_header_decrypts_nothing():
    ciphertext = AeadCipher(KEY).encrypt(7, b"input", b"header")
    others = [
        (bytes(32), 7, b"header"),
        (KEY, 8, b"header"),
        (KEY, -1, b"header"),
        (KEY, 7, b"heaver"),
    ]
    decrypted = [
        (key, number, header)
        for key, number, header in others
        if AeadCipher(key).decrypt(number, ciphertext, header) is not None
    ]
    assert decrypted == []


def test_a_ciphertext_that_is_too_short_is_not_decrypted():
    assert [AeadCipher(KEY).decrypt(1, short, b"") for short in (b"", b"short")] == [None, None]


@pytest.mark.parametrize("make", [lambda: pair(1), lambda: AeadCipher(KEY), require_available])
def test_without_the_package_the_error_says_what_to_install(make, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(EncryptionUnavailable, match="pip install cryptography"):
        make()
