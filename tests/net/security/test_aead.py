"""What is sealed is opened by the peer, whole and unchanged, or not at all."""

import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.errors import DecodeError, EncryptionUnavailable
from net.security.aead import PRIVATE_KEY_BYTES, TAG_BYTES, AeadCipher, KeyPair

KEY = bytes(range(32))


def pair(seed):
    return KeyPair(Random(seed).randbytes(PRIVATE_KEY_BYTES))


def test_both_ends_agree_and_nobody_else_does():
    ana, ben, eve = pair(1), pair(2), pair(3)
    assert ana.shared_secret(ben.public_bytes) == ben.shared_secret(ana.public_bytes)
    assert ana.shared_secret(ben.public_bytes) != eve.shared_secret(ben.public_bytes)


@pytest.mark.parametrize("key", [b"", b"short", bytes(32), b"\x01" + bytes(31)])
def test_what_is_no_key_or_would_make_the_secret_known_is_not_taken(key):
    with pytest.raises(DecodeError):
        pair(1).shared_secret(key)


@given(st.binary(max_size=1200), st.integers(0, 2**64 - 1))
def test_a_body_comes_out_as_it_went_in(body, number):
    sealed = AeadCipher(KEY).encrypt(number, body, b"header")
    assert len(sealed) == len(body) + TAG_BYTES
    assert AeadCipher(KEY).decrypt(number, sealed, b"header") == body


@given(st.integers(0, 5 + TAG_BYTES - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place, flip):
    sealed = bytearray(AeadCipher(KEY).encrypt(7, b"input", b"header"))
    sealed[place] ^= flip
    assert AeadCipher(KEY).decrypt(7, bytes(sealed), b"header") is None


@pytest.mark.parametrize(
    ("key", "number", "header"),
    [(bytes(32), 7, b"header"), (KEY, 8, b"header"), (KEY, -1, b"header"), (KEY, 7, b"heaver")],
)
def test_another_key_number_or_header_opens_nothing(key, number, header):
    assert (
        AeadCipher(key).decrypt(number, AeadCipher(KEY).encrypt(7, b"input", b"header"), header)
        is None
    )


@pytest.mark.parametrize("sealed", [b"", b"short"])
def test_what_is_too_short_is_not_opened(sealed):
    assert AeadCipher(KEY).decrypt(1, sealed, b"") is None


@pytest.mark.parametrize("make", [lambda: pair(1), lambda: AeadCipher(KEY)])
def test_without_the_library_one_line_says_what_to_install(make, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(EncryptionUnavailable, match="pip install cryptography"):
        make()
