"""TLS over bytes that somebody else carries (RFC 8446): contexts, certificates, one end of it.

asyncio's own TLS keeps a second buffer that nobody can see into, where LATEST messages would wait
past being replaced; here the records are made and opened between the channel and its stream, and
every buffer, option and counter of the stream stays as it is without TLS. Knows no channel and no
message.
"""

import hashlib
import hmac
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

from net.errors import ListenError, TlsError
from net.security.certificates import differing_prefixes
from net.transport import TlsConfig

# At most what one record holds.
_READ_BYTES = 16 * 1024


# What a stream with TLS can begin with: a handshake, or an alert instead of one; and the version
# that every record since SSL 3 shows (RFC 8446, section 5.1).
_ALERT, _HANDSHAKE = 0x15, 0x16


_LEGACY_VERSION_MAJOR = 0x03


# A fatal alert, unexpected_message (RFC 8446, section 6.2): what a server says to whom it does not
# understand. OpenSSL says nothing to those who speak no TLS, and they could not tell why.
HANDSHAKE_FAILURE_ALERT = bytes((_ALERT, _LEGACY_VERSION_MAJOR, 1, 0, 2, 2, 10))


class TlsStream:
    """One end of TLS on one stream.

    Obligations of the caller: send what ``outgoing`` returns after every call; give what arrives
    to ``receive``. Until ``is_open`` there is nothing to ``seal``.
    """

    def __init__(self, context: ssl.SSLContext, peer_name: str | None, fingerprint: bytes) -> None:
        self.is_open = False
        self._has_heard = False
        self._fingerprint = fingerprint
        self._arrived, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._core = context.wrap_bio(
            self._arrived, self._leaving, server_side=peer_name is None, server_hostname=peer_name
        )

    def begin(self) -> None:
        """Say the first words, if they are ours."""
        self._shake_hands()

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the stream; return the plain bytes that they bring.

        Raises ``TlsError`` for what is no TLS, and for a peer that is not the one that was meant.
        """
        if data and not self._has_heard:
            self._has_heard = True
            self._check_first(data)
        self._arrived.write(data)
        if not self.is_open:
            self._shake_hands()
        plain = bytearray()
        try:
            while self.is_open and (part := self._core.read(_READ_BYTES)):
                plain += part
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            # Nothing more for now, or ever: the stream's own end says which.
            return bytes(plain)
        except ssl.SSLError as error:
            raise TlsError(f"no TLS: {error.reason or error}") from error
        return bytes(plain)

    def seal(self, plain: bytes) -> bytes:
        """Return the records that carry ``plain``."""
        rest = memoryview(plain)
        while rest:
            rest = rest[self._core.write(rest) :]
        return self.outgoing()

    def outgoing(self) -> bytes:
        """Take the bytes that must be sent now."""
        return self._leaving.read()

    def closing_alert(self) -> bytes:
        """Return what tells the peer that it came to nothing, after ``TlsError``.

        A client just leaves: nobody waits there to read why.
        """
        if self.is_open or not self._core.server_side:
            return b""
        return self.outgoing() or HANDSHAKE_FAILURE_ALERT

    def _check_first(self, data: bytes) -> None:
        if begins_tls(data) and not data.startswith(HANDSHAKE_FAILURE_ALERT):
            return
        # Whoever stands between may have said so: it must not sound like advice.
        without = "" if self._core.server_side else "; without --tls others can read everything"
        raise TlsError(f"it speaks no TLS{without}")

    def _shake_hands(self) -> None:
        try:
            self._core.do_handshake()
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
        shown = hashlib.sha256(self._core.getpeercert(binary_form=True) or b"").digest()
        if not hmac.compare_digest(shown, self._fingerprint):
            found, given = differing_prefixes(shown, self._fingerprint)
            raise TlsError(
                f"its certificate's fingerprint begins {found}, the one given begins {given}: "
                "another server, or a new certificate"
            )


def begins_tls(first: bytes | memoryview) -> bool:
    """Return whether a stream that begins so is TLS's: with a handshake, or with an alert.

    One byte may be all that has come yet; with such a one no frame and no HTTP begins.
    """
    version_major = first[1] if len(first) > 1 else _LEGACY_VERSION_MAJOR
    return first[0] in (_ALERT, _HANDSHAKE) and version_major == _LEGACY_VERSION_MAJOR


def is_alert(record: bytes | memoryview) -> bool:
    """Return whether a record of TLS is an alert: a server's, since it does not begin otherwise."""
    return record[0] == _ALERT


def client_tls(tls: TlsConfig, host: str) -> TlsStream:
    """Return the end of TLS that connects to ``host``."""
    if not tls.fingerprint:
        return TlsStream(ssl.create_default_context(), tls.host or host, b"")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # The fingerprint says which certificate it must be; name and authorities say nothing more.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return TlsStream(context, tls.host or host, tls.fingerprint)


def server_tls(context: ssl.SSLContext) -> TlsStream:
    """Return the end of TLS of a peer that came to us."""
    return TlsStream(context, None, b"")


def server_context(tls: TlsConfig) -> ssl.SSLContext:
    """Return what a listener needs to show its certificate.

    Raises ``ListenError`` for one that is none, or that its key does not fit.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Python's ssl reads keys from files only; these are nobody else's, and gone at once.
    with TemporaryDirectory(prefix="jitterball-") as folder:
        certificate, key = Path(folder, "certificate.pem"), Path(folder, "key.pem")
        certificate.write_bytes(tls.certificate_pem)
        key.write_bytes(tls.key_pem)
        try:
            # An encrypted key would have OpenSSL ask for its password in mid-class.
            context.load_cert_chain(certificate, key, password=_no_password)
        except (ssl.SSLError, OSError, ValueError) as error:
            text = getattr(error, "reason", None) or str(error)
            raise ListenError(f"the certificate and its key cannot be used: {text}") from error
    return context


def _no_password() -> str:
    raise ValueError("the key is encrypted: give one that is not")
