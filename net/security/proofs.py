"""Proving that one knows a secret without saying it: keys, transcripts, MACs.  [pure]

Both ends know a *password*, or the *token* of a place. Each proof is an HMAC-SHA-256 (RFC 2104)
under what is known, over a *transcript*: a hash of every byte that both ends have said until then,
with a nonce from each. So a proof that was heard is good for no other conversation, and one that
was made for an impostor's words does not fit the words of the real one.

Knows no message, no session and no randomness: nonces come in as arguments. What it does not do:
who heard a proof by a password can try words against it at leisure, at the price of one scrypt
each (a PAKE would prevent that). ``SECURITY.md`` says what follows from it.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Twice what it takes that two of them never meet.
NONCE_BYTES = 32
SALT_BYTES = 16
PROOF_BYTES = 32
KEY_BYTES = 32

# scrypt (RFC 7914): 16 MiB and 50 to 100 ms a guess, which a person who joins does not notice.
_SCRYPT_COST = 2**14
_SCRYPT_BLOCK = 8
_SCRYPT_LANES = 1

# What a proof proves is part of it, or one could be passed off as another.
_TRANSCRIPT = b"jitterball transcript 2"
_CLIENT_KNOWS_PASSWORD = b"jitterball client knows password"
_SERVER_KNOWS_PASSWORD = b"jitterball server knows password"
_CLIENT_KNOWS_TOKEN = b"jitterball client knows token"
_TO_SERVER = b"jitterball client to server"
_TO_CLIENT = b"jitterball server to client"


@dataclass(frozen=True, slots=True)
class TrafficKeys:
    """A key for each direction, so that neither end ever seals under the other's nonces."""

    to_server: bytes
    to_client: bytes


@lru_cache(maxsize=8)
def password_key(password: str, salt: bytes) -> bytes:
    """Stretch a password to a key of ``KEY_BYTES``; takes tens of milliseconds, once a salt.

    Normalised first (NFC, as RFC 8265 asks): keyboards differ in how they write an accent.
    """
    word = unicodedata.normalize("NFC", password).encode("utf-8", "surrogateescape")
    return hashlib.scrypt(
        word, salt=salt, n=_SCRYPT_COST, r=_SCRYPT_BLOCK, p=_SCRYPT_LANES, dklen=KEY_BYTES
    )


def transcript_hash(hello: bytes, challenge: bytes, client_public_key: bytes) -> bytes:
    """Return the hash of what both ends have said, each part with its length before it."""
    said = hashlib.sha256(_TRANSCRIPT)
    for part in (hello, challenge, client_public_key):
        said.update(len(part).to_bytes(8, "big"))
        said.update(part)
    return said.digest()


def client_password_proof(key: bytes, transcript: bytes) -> bytes:
    """Prove to the server that the client knows the password."""
    return _mac(key, _CLIENT_KNOWS_PASSWORD + transcript)


def server_password_proof(key: bytes, transcript: bytes) -> bytes:
    """Prove to the client that the server knows it too: an impostor cannot."""
    return _mac(key, _SERVER_KNOWS_PASSWORD + transcript)


def token_proof(token: str, transcript: bytes) -> bytes:
    """Prove that the client was given the token of the place it asks for."""
    return _mac(token.encode(), _CLIENT_KNOWS_TOKEN + transcript)


def constant_time_equal(proof: bytes, expected: bytes) -> bool:
    """Compare in a time that tells nothing of where they differ."""
    return hmac.compare_digest(proof, expected)


def direction_keys(shared_secret: bytes, key: bytes, transcript: bytes) -> TrafficKeys:
    """Derive the keys of a conversation from its Diffie-Hellman secret (HKDF, RFC 5869).

    The password's key goes in too, so that who stands in the middle without it shares no key with
    either end.
    """
    pseudorandom_key = hkdf_extract(salt=transcript, key_material=shared_secret + key)
    return TrafficKeys(
        to_server=hkdf_expand(pseudorandom_key, _TO_SERVER, KEY_BYTES),
        to_client=hkdf_expand(pseudorandom_key, _TO_CLIENT, KEY_BYTES),
    )


def hkdf_extract(salt: bytes, key_material: bytes) -> bytes:
    """Concentrate the randomness of ``key_material`` (RFC 5869, section 2.2, SHA-256)."""
    return _mac(salt, key_material)


def hkdf_expand(pseudorandom_key: bytes, info: bytes, length: int) -> bytes:
    """Return ``length`` bytes that belong to ``info`` (RFC 5869, section 2.3, SHA-256)."""
    block, output, counter = b"", b"", 0
    while len(output) < length:
        counter += 1
        block = _mac(pseudorandom_key, block + info + bytes([counter]))
        output += block
    return output[:length]


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
