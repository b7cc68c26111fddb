"""TLS records of one end of a stream, without I/O (RFC 8446), and the contexts of both ends.

asyncio's own TLS keeps a second, hidden send buffer, where a LATEST message could no longer be
replaced by a newer one. Here TLS works on bytes in memory, between the channel and its stream.
So every buffer, socket option and counter of the stream stays as it is without TLS.
"""

import hashlib
import hmac
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

from net.errors import ListenError, TlsError
from net.security.certificates import differing_prefixes
from net.transport import TlsConfig

# The content limit of one record (RFC 8446, section 5.1).
_READ_BYTES = 16 * 1024

# Content types of the record that a TLS stream can begin with (RFC 8446, section 5.1). The major
# version stands in the header of every record since SSL 3.
_ALERT, _HANDSHAKE = 0x15, 0x16
_LEGACY_VERSION_MAJOR = 0x03

# A fatal alert, unexpected_message (RFC 8446, section 6.2). OpenSSL sends nothing to a client that
# does not speak TLS. Such a client would see a closed connection and not know why.
HANDSHAKE_FAILURE_ALERT = bytes((_ALERT, _LEGACY_VERSION_MAJOR, 1, 0, 2, 2, 10))


class TlsStream:
    """One end of TLS on one stream.

    The caller sends what ``outgoing`` returns after every call, and passes what arrives to
    ``receive``. ``encrypt`` may be called once ``is_open``.
    """

    def __init__(self, context: ssl.SSLContext, peer_name: str | None, fingerprint: bytes) -> None:
        self.is_open = False
        self._has_received = False
        self._fingerprint = fingerprint
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ssl = context.wrap_bio(
            self._incoming, self._outgoing, server_side=peer_name is None, server_hostname=peer_name
        )

    def start(self) -> None:
        """Start the handshake; the client has the first message."""
        self._continue_handshake()

    def receive(self, data: bytes) -> bytes:
        """Decrypt the next bytes of the stream; return the content that is complete.

        Raises ``TlsError`` if they are no TLS, or if the peer's certificate is not the right one.
        """
        if data and not self._has_received:
            self._has_received = True
            self._check_first_record(data)
        self._incoming.write(data)
        if not self.is_open:
            self._continue_handshake()
        plain = bytearray()
        try:
            while self.is_open and (part := self._ssl.read(_READ_BYTES)):
                plain += part
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            # WantRead: the next record is incomplete. ZeroReturn: the peer ended TLS; the end of
            # the TCP stream follows and is handled there.
            return bytes(plain)
        except ssl.SSLError as error:
            raise TlsError(f"no TLS: {error.reason or error}") from error
        return bytes(plain)

    def encrypt(self, plain: bytes) -> bytes:
        """Return the records that carry ``plain``."""
        rest = memoryview(plain)
        while rest:
            rest = rest[self._ssl.write(rest) :]
        return self.outgoing()

    def outgoing(self) -> bytes:
        """Return the bytes to send now, and forget them."""
        return self._outgoing.read()

    def closing_alert(self) -> bytes:
        """Return the alert to send after ``TlsError``; empty if there is none.

        A client sends none: a server waits for no explanation.
        """
        if self.is_open or not self._ssl.server_side:
            return b""
        return self.outgoing() or HANDSHAKE_FAILURE_ALERT

    def _check_first_record(self, data: bytes) -> None:
        if begins_tls(data) and not data.startswith(HANDSHAKE_FAILURE_ALERT):
            return
        # An attacker on the path can cause this error, so the text must not advise to drop --tls.
        without = "" if self._ssl.server_side else "; without --tls others can read everything"
        raise TlsError(f"it speaks no TLS{without}")

    def _continue_handshake(self) -> None:
        try:
            self._ssl.do_handshake()
        except ssl.SSLWantReadError:
            return
        except ssl.SSLCertVerificationError as error:
            raise TlsError(
                f"its certificate is not trusted ({error.verify_message}); "
                "one that a host made for itself needs its --fingerprint"
            ) from error
        except ssl.SSLError as error:
            raise TlsError(f"no TLS: {error.reason or error}") from error
        if self._fingerprint:
            self._check_fingerprint()
        self.is_open = True

    def _check_fingerprint(self) -> None:
        shown = hashlib.sha256(self._ssl.getpeercert(binary_form=True) or b"").digest()
        if not hmac.compare_digest(shown, self._fingerprint):
            found, given = differing_prefixes(shown, self._fingerprint)
            raise TlsError(
                f"its certificate's fingerprint begins {found}, the one given begins {given}: "
                "another server, or a new certificate"
            )


def begins_tls(first: bytes | memoryview) -> bool:
    """Return whether the first bytes of a stream are a TLS handshake or alert record.

    One byte is enough: no frame of ours within the size limit and no HTTP request begins with it.
    """
    version_major = first[1] if len(first) > 1 else _LEGACY_VERSION_MAJOR
    return first[0] in (_ALERT, _HANDSHAKE) and version_major == _LEGACY_VERSION_MAJOR


def is_alert(record: bytes | memoryview) -> bool:
    """Return whether a TLS record is an alert."""
    return record[0] == _ALERT


def client_tls(tls: TlsConfig, host: str) -> TlsStream:
    """Return the client's end of TLS for a connection to ``host``."""
    if not tls.fingerprint:
        return TlsStream(ssl.create_default_context(), tls.host or host, b"")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # The fingerprint identifies the one accepted certificate. Its host name and its issuer could
    # not make that any safer, and a self-signed certificate has no trusted issuer.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return TlsStream(context, tls.host or host, tls.fingerprint)


def server_tls(context: ssl.SSLContext) -> TlsStream:
    """Return the server's end of TLS for an accepted connection."""
    return TlsStream(context, None, b"")


def server_context(tls: TlsConfig) -> ssl.SSLContext:
    """Return the OpenSSL context of a listener with this certificate.

    Raises ``ListenError`` if it is no certificate, or the key does not belong to it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Python's ``ssl`` loads keys from files only. The folder is readable by this user alone, and
    # deleted at once.
    with TemporaryDirectory(prefix="jitterball-") as folder:
        certificate, key = Path(folder, "certificate.pem"), Path(folder, "key.pem")
        certificate.write_bytes(tls.certificate_pem)
        key.write_bytes(tls.key_pem)
        try:
            # Without the callback OpenSSL would prompt on the terminal for an encrypted key.
            context.load_cert_chain(certificate, key, password=_no_password)
        except (ssl.SSLError, OSError, ValueError) as error:
            text = getattr(error, "reason", None) or str(error)
            raise ListenError(f"the certificate and its key cannot be used: {text}") from error
    return context


def _no_password() -> str:
    raise ValueError("the key is encrypted: give one that is not")
