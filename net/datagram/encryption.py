"""Encryption of the bodies of one connection's datagrams.  [pure]

The section "Encryption" of ``net/datagram/wire_format.py`` has the format and the order of events.
"""

from net.datagram.wire_format import ENCRYPTED, HEADER_BYTES
from net.security.aead import AeadCipher


class DatagramEncryption:
    """The two ciphers of one end, and whether this end encrypts yet.

    A client has the keys before it knows that the server has them too. Until then ``is_sending`` is
    false: the client sends and accepts plain bodies, and also decrypts.

    Raises ``EncryptionUnavailable`` if the ``cryptography`` package is missing.
    """

    __slots__ = ("_decryptor", "_encryptor", "is_sending")

    def __init__(self, send_key: bytes, receive_key: bytes) -> None:
        self._decryptor, self._encryptor = AeadCipher(receive_key), AeadCipher(send_key)
        self.is_sending = False

    def encrypt(self, number: int, body: bytes, header: bytes) -> bytes:
        """Return the encrypted body and tag of datagram ``number``, which has this header."""
        return self._encryptor.encrypt(number, body, header)

    def decrypt(self, number: int, datagram: bytes) -> bytes | None:
        """Return the body of datagram ``number``; None if the peer did not send it."""
        if datagram[0] & ENCRYPTED:
            return self._decryptor.decrypt(number, datagram[HEADER_BYTES:], datagram[:HEADER_BYTES])
        # Once both ends encrypt, a plain body is forged, or older than the keys.
        return None if self.is_sending else datagram[HEADER_BYTES:]
