"""The page's hashes and proofs are those of Python's standard library and of ``net.security``."""

import hashlib
import hmac
import random

import pytest

from net.security import proofs

SIZES = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]


def samples(sizes=SIZES, seed: int = 7) -> list[bytes]:
    rng = random.Random(seed)
    return [rng.randbytes(size) for size in sizes]


def test_sha256(javascript):
    script = "return data.map((text) => hex(module.sha256(bytes(text))));"
    hashes = javascript("crypto", script, [one.hex() for one in samples()])
    assert hashes == [hashlib.sha256(one).hexdigest() for one in samples()]


def test_hmac(javascript):
    keys = samples([0, 1, 32, 64, 65, 200])
    script = "return data.map((text) => hex(module.hmac(bytes(text), bytes('ab'), bytes('cd'))));"
    macs = javascript("crypto", script, [key.hex() for key in keys])
    assert macs == [hmac.digest(key, b"\xab\xcd", "sha256").hex() for key in keys]


def test_scrypt(javascript):
    costs = [(2, 1), (16, 1), (16, 8), (1024, 8)]
    script = """
        const scrypt = (n, r) => hex(module.scrypt(bytes('7061'), bytes('5a'), n, r, 64));
        return data.map(([cost, factor]) => scrypt(cost, factor));"""
    assert javascript("crypto", script, costs) == [
        hashlib.scrypt(b"pa", salt=b"\x5a", n=cost, r=factor, p=1, dklen=64).hex()
        for cost, factor in costs
    ]


@pytest.mark.slow
def test_the_key_of_a_password(javascript):
    """Also where a keyboard writes an accent as a character of its own."""
    passwords = ["secret", "sen\u0303al", "contraseña", "⚽"]
    salt = bytes.fromhex("00112233445566778899aabbccddeeff")
    script = """
        const salt = bytes('00112233445566778899aabbccddeeff');
        return data.map((password) => hex(module.passwordKey(password, salt)));"""
    keys = [proofs.password_key(password, salt).hex() for password in passwords]
    assert javascript("crypto", script, passwords) == keys


def test_proofs(javascript):
    hello, challenge, key = samples([90, 70, 32])
    script = """
        const transcript = module.transcriptHash(bytes(data[0]), bytes(data[1]));
        const key = bytes(data[2]);
        return [
          transcript,
          module.clientPasswordProof(key, transcript),
          module.serverPasswordProof(key, transcript),
          module.tokenProof("0a1b", transcript),
        ].map(hex);"""
    transcript = proofs.transcript_hash(hello, challenge, b"")
    assert javascript("crypto", script, [hello.hex(), challenge.hex(), key.hex()]) == [
        transcript.hex(),
        proofs.client_password_proof(key, transcript).hex(),
        proofs.server_password_proof(key, transcript).hex(),
        proofs.token_proof("0a1b", transcript).hex(),
    ]
