"""Sealing bytes so that only the peer can open them; the only importer of ``cryptography`` ciphers.

Key agreement by X25519 (RFC 7748) and authenticated encryption by ChaCha20-Poly1305 (RFC 8439).
Knows no datagram and no session; randomness comes in as an argument.  [pure]
"""

from net.errors import DecodeError, EncryptionUnavailable

PUBLIC_KEY_BYTES = 32
PRIVATE_KEY_BYTES = 32
TAG_BYTES = 16
# 4 zero bytes and the number: 96 bits as the cipher wants them.
_NONCE_BYTES = 12


class KeyPair:
    """One end's part of a key agreement, for one conversation.

    ``private_bytes`` are ``PRIVATE_KEY_BYTES`` from a generator that nobody can guess. Raises
    ``EncryptionUnavailable`` where the ``cryptography`` package cannot be had.
    """

    def __init__(self, private_bytes: bytes) -> None:
        try:
            from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        except ImportError as error:
            raise _missing(error) from error
        self._private = X25519PrivateKey.from_private_bytes(private_bytes)
        self.public_bytes = self._private.public_key().public_bytes_raw()

    def shared_secret(self, peer_public_bytes: bytes) -> bytes:
        """Return the secret shared with the peer.

        Raises ``DecodeError`` for what is no key, or one that would make the secret known.
        """
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        try:
            return self._private.exchange(X25519PublicKey.from_public_bytes(peer_public_bytes))
        except ValueError as error:
            raise DecodeError(f"no public key: {error}") from error


class AeadCipher:
    """Seals what one direction carries, or opens it at the other end.

    ``number`` must never be given twice to ``close`` under one key; it is the nonce. Raises
    ``EncryptionUnavailable`` where the ``cryptography`` package cannot be had.
    """

    __slots__ = ("_cipher", "_not_sealed_so")

    def __init__(self, key: bytes) -> None:
        try:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
        except ImportError as error:
            raise _missing(error) from error
        self._cipher = ChaCha20Poly1305(key)
        self._not_sealed_so = InvalidTag

    def encrypt(self, number: int, body: bytes, header: bytes) -> bytes:
        """Encrypt ``body``; ``header`` stays readable, and neither can be changed unnoticed."""
        return self._cipher.encrypt(number.to_bytes(_NONCE_BYTES, "big"), body, header)

    def decrypt(self, number: int, sealed: bytes, header: bytes) -> bytes | None:
        """Return the body; None for what was not sealed so, under this key and number."""
        if number < 0:
            return None
        try:
            return self._cipher.decrypt(number.to_bytes(_NONCE_BYTES, "big"), sealed, header)
        except self._not_sealed_so:
            return None


def _missing(error: ImportError) -> EncryptionUnavailable:
    return EncryptionUnavailable(
        f"encrypting needs the package cryptography, which cannot be loaded here ({error}): "
        "pip install cryptography"
    )
