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

    __slots__ = ("_decrypt", "encrypt", "is_sending")

    def __init__(self, send_key: bytes, receive_key: bytes) -> None:
        # Bound methods, because one more call for each datagram can be measured.
        # Arguments: the sequence number, the body, the header. Returns the encrypted body and tag.
        self.encrypt = AeadCipher(send_key).encrypt
        self._decrypt = AeadCipher(receive_key).decrypt
        self.is_sending = False

    def decrypt(self, number: int, datagram: bytes) -> bytes | None:
        """Return the body of datagram ``number``; None if the peer did not send it."""
        if datagram[0] & ENCRYPTED:
            return self._decrypt(number, datagram[HEADER_BYTES:], datagram[:HEADER_BYTES])
        # Once both ends encrypt, a plain body is forged, or older than the keys.
        return None if self.is_sending else datagram[HEADER_BYTES:]
