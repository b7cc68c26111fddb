"""Key agreement and authenticated encryption.  [pure]

X25519 (RFC 7748) agrees on a secret, ChaCha20-Poly1305 (RFC 8439) encrypts. Both come from the
``cryptography`` package, which is imported on first use: starting without encryption must not
wait for it. Randomness comes in as an argument.
"""

from net.errors import DecodeError, EncryptionUnavailable

__all__ = ["AeadCipher", "KeyPair", "require_available"]

PUBLIC_KEY_BYTES = 32
PRIVATE_KEY_BYTES = 32
TAG_BYTES = 16
_KEY_BYTES = 32
# The nonce of RFC 8439, section 2.8, has 96 bits. The message number fills it from the right.
_NONCE_BYTES = 12


class KeyPair:
    """Ephemeral X25519 key pair of one end, for one session.

    ``private_bytes`` are ``PRIVATE_KEY_BYTES`` from a generator that nobody can guess.
    Raises ``EncryptionUnavailable`` if the ``cryptography`` package cannot be imported.
    """

    def __init__(self, private_bytes: bytes) -> None:
        try:
            from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        except ImportError as error:
            raise _unavailable(error) from error
        self._private_key = X25519PrivateKey.from_private_bytes(private_bytes)
        self.public_bytes = self._private_key.public_key().public_bytes_raw()

    def shared_secret(self, peer_public_bytes: bytes) -> bytes:
        """Return the secret shared with the peer.

        Raises ``DecodeError`` for bytes that are no public key.
        Raises ``DecodeError`` for a point of low order too, which would make the secret known to
        everybody (RFC 7748, section 6.1).
        """
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        try:
            return self._private_key.exchange(X25519PublicKey.from_public_bytes(peer_public_bytes))
        except ValueError as error:
            raise DecodeError(f"no public key: {error}") from error


class AeadCipher:
    """ChaCha20-Poly1305 cipher of one direction, under one key.

    The nonce is made from ``number``. Never pass the same number to ``encrypt`` twice. Two bodies
    under one nonce reveal their difference, and let an attacker forge tags (RFC 8439, section 4).
    Raises ``EncryptionUnavailable`` if the ``cryptography`` package cannot be imported.
    """

    __slots__ = ("_cipher", "_invalid_tag")

    def __init__(self, key: bytes) -> None:
        try:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
        except ImportError as error:
            raise _unavailable(error) from error
        self._cipher = ChaCha20Poly1305(key)
        # Kept here, so that ``decrypt`` does not import at every datagram.
        self._invalid_tag = InvalidTag

    def encrypt(self, number: int, body: bytes, header: bytes) -> bytes:
        """Encrypt and authenticate ``body``; ``header`` is authenticated and stays readable."""
        return self._cipher.encrypt(number.to_bytes(_NONCE_BYTES, "big"), body, header)

    def decrypt(self, number: int, ciphertext: bytes, header: bytes) -> bytes | None:
        """Return the body; None if key, number, header or ciphertext do not belong together."""
        if number < 0:
            return None
        try:
            return self._cipher.decrypt(number.to_bytes(_NONCE_BYTES, "big"), ciphertext, header)
        except self._invalid_tag:
            return None


def require_available() -> None:
    """Check that this computer can encrypt, and import what that needs.

    A server calls it before it has clients: the import takes as long as several ticks.
    Raises ``EncryptionUnavailable`` if the ``cryptography`` package cannot be imported.
    """
    AeadCipher(bytes(_KEY_BYTES))
    KeyPair(bytes(PRIVATE_KEY_BYTES))


def _unavailable(error: ImportError) -> EncryptionUnavailable:
    return EncryptionUnavailable(
        f"encrypting needs the package cryptography, which cannot be loaded here ({error}): "
        "pip install cryptography"
    )
