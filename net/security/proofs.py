"""Proofs of a password or token, transcript hash and key derivation.  [pure]

Both ends know a *password*, or the *token* of a session slot. A proof is an HMAC-SHA-256 (RFC 2104)
under that secret, over the *transcript hash*. The transcript is every byte that both ends have sent
so far, with a nonce of each. It is the scheme of SCRAM (RFC 5802) with the transcript of TLS 1.3
(RFC 8446, section 4.4.1). So a proof is valid in one session only. It cannot be replayed, and a man
in the middle cannot change a message under it.

Limit: an attacker who records a password proof can try passwords against it offline, at one
scrypt each. Only a PAKE (RFC 9383) would prevent that. ``SECURITY.md`` draws the conclusions.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# With 256 random bits no two nonces are ever equal.
NONCE_BYTES = 32
SALT_BYTES = 16
PROOF_BYTES = 32
KEY_BYTES = 32

# scrypt (RFC 7914): each guess costs 16 MiB and 50 to 100 ms. A person who joins notices neither.
_SCRYPT_COST = 2**14
_SCRYPT_BLOCK_SIZE = 8
_SCRYPT_PARALLELISM = 1

# Each use of a key has a label of its own, so that no proof or key can pass for another one.
_TRANSCRIPT = b"jitterball transcript 2"
_CLIENT_KNOWS_PASSWORD = b"jitterball client knows password"
_SERVER_KNOWS_PASSWORD = b"jitterball server knows password"
_CLIENT_KNOWS_TOKEN = b"jitterball client knows token"
_TO_SERVER = b"jitterball client to server"
_TO_CLIENT = b"jitterball server to client"


@dataclass(frozen=True, slots=True)
class TrafficKeys:
    """Encryption keys of a session, one a direction.

    Two keys, because both ends use the same message numbers: under one key they would repeat the
    same nonces.
    """

    to_server: bytes
    to_client: bytes


# A reconnect of the same client needs the key again; a server has one salt while it runs.
@lru_cache(maxsize=8)
def password_key(password: str, salt: bytes) -> bytes:
    """Derive a key of ``KEY_BYTES`` from a password; takes tens of milliseconds.

    The password is normalised first (NFC, RFC 8265, section 4.2): keyboards differ in how they
    encode an accent.
    """
    # Bytes of a command line that are no UTF-8 arrive as surrogates; they are a password too.
    password_bytes = unicodedata.normalize("NFC", password).encode("utf-8", "surrogateescape")
    return hashlib.scrypt(
        password_bytes,
        salt=salt,
        n=_SCRYPT_COST,
        r=_SCRYPT_BLOCK_SIZE,
        p=_SCRYPT_PARALLELISM,
        dklen=KEY_BYTES,
    )


def transcript_hash(hello: bytes, challenge: bytes, client_public_key: bytes) -> bytes:
    """Return the hash of all messages before the proof, and of the client's key in it."""
    digest = hashlib.sha256(_TRANSCRIPT)
    for part in (hello, challenge, client_public_key):
        # The length goes first: otherwise bytes could move from one part to the next.
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def client_password_proof(key: bytes, transcript: bytes) -> bytes:
    """Prove to the server that the client knows the password."""
    return _mac(key, _CLIENT_KNOWS_PASSWORD + transcript)


def server_password_proof(key: bytes, transcript: bytes) -> bytes:
    """Prove to the client that the server knows the password."""
    return _mac(key, _SERVER_KNOWS_PASSWORD + transcript)


def token_proof(token: str, transcript: bytes) -> bytes:
    """Prove that the client was given the token of the slot that it wants back."""
    return _mac(token.encode(), _CLIENT_KNOWS_TOKEN + transcript)


def constant_time_equal(proof: bytes, expected: bytes) -> bool:
    """Compare in a time that does not depend on where the two differ.

    With an ordinary comparison an attacker could find a proof byte by byte, from the time that
    each refusal takes.
    """
    return hmac.compare_digest(proof, expected)


def direction_keys(shared_secret: bytes, key: bytes, transcript: bytes) -> TrafficKeys:
    """Derive the keys of a session from its Diffie-Hellman secret (HKDF, RFC 5869).

    ``key`` is the password's key. It authenticates the key agreement: a man in the middle without
    the password shares no key with either end.
    """
    pseudorandom_key = hkdf_extract(salt=transcript, key_material=shared_secret + key)
    return TrafficKeys(
        to_server=hkdf_expand(pseudorandom_key, _TO_SERVER, KEY_BYTES),
        to_client=hkdf_expand(pseudorandom_key, _TO_CLIENT, KEY_BYTES),
    )


def hkdf_extract(salt: bytes, key_material: bytes) -> bytes:
    """Extract a uniform key from ``key_material`` (RFC 5869, section 2.2, SHA-256)."""
    return _mac(salt, key_material)


def hkdf_expand(pseudorandom_key: bytes, info: bytes, length: int) -> bytes:
    """Expand a key to ``length`` bytes for the use ``info`` (RFC 5869, section 2.3, SHA-256)."""
    block, output, counter = b"", b"", 0
    while len(output) < length:
        counter += 1
        block = _mac(pseudorandom_key, block + info + bytes([counter]))
        output += block
    return output[:length]


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
