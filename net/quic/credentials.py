"""Certificates of QUIC connections: what a server shows, and what a client accepts."""

import hashlib
import hmac
import ssl
from collections.abc import Sequence

from aioquic.quic.configuration import QuicConfiguration
from aioquic.tls import load_pem_private_key, load_pem_x509_certificates

from net.errors import ListenError, TlsError
from net.quic.connection import IDLE_TIMEOUT_S, ONE_STREAM_PROTOCOL, PROTOCOL
from net.security.certificates import differing_prefixes, make_self_signed
from net.transport import Address, SocketOptions, TlsConfig

__all__ = ["check_certificate", "client_configuration", "server_configuration"]

# More than any datagram of ours; aioquic takes it for "datagrams are supported".
_DATAGRAM_FRAME_LIMIT_BYTES = 65536


def server_configuration(
    tls: TlsConfig | None, protocols: Sequence[str] = (PROTOCOL, ONE_STREAM_PROTOCOL)
) -> QuicConfiguration:
    """Return the configuration of a server's connections; without ``tls`` it makes a certificate.

    Raises ``ListenError`` if the certificate or its key cannot be used.
    """
    tls = tls or make_self_signed()
    configuration = _configuration(is_client=False, protocols=protocols)
    try:
        chain = load_pem_x509_certificates(tls.certificate_pem)
        configuration.certificate, configuration.certificate_chain = chain[0], chain[1:]
        configuration.private_key = load_pem_private_key(tls.key_pem, None)
    except (ValueError, TypeError, IndexError) as error:
        raise ListenError(f"the certificate and its key cannot be used: {error}") from error
    return configuration


def client_configuration(address: Address, options: SocketOptions) -> QuicConfiguration:
    """Return the configuration of a client's connection to ``address``."""
    protocol = ONE_STREAM_PROTOCOL if options.one_stream else PROTOCOL
    configuration = _configuration(is_client=True, protocols=(protocol,))
    tls = options.tls
    if tls is not None and not tls.fingerprint:
        configuration.server_name = tls.host or address.host
        configuration.verify_mode = ssl.CERT_REQUIRED
        paths = ssl.get_default_verify_paths()
        if paths.cafile or paths.capath:
            configuration.load_verify_locations(paths.cafile, paths.capath)
    else:
        # ``check_certificate`` does it: a certificate that a host made for itself has no
        # authority and no name.
        configuration.verify_mode = ssl.CERT_NONE
    return configuration


def check_certificate(certificate: bytes, address: Address, options: SocketOptions) -> None:
    """Check the fingerprint of a server's certificate (DER), or whether it is known.

    Raises ``TlsError`` if it is not the right one.
    """
    shown = hashlib.sha256(certificate).digest()
    tls = options.tls
    if tls is None:
        if options.trust is not None:
            options.trust(address, shown)
    elif tls.fingerprint and not hmac.compare_digest(shown, tls.fingerprint):
        found, given = differing_prefixes(shown, tls.fingerprint)
        raise TlsError(
            f"its certificate's fingerprint begins {found}, the one given begins {given}: "
            "another server, or a new certificate"
        )


def _configuration(is_client: bool, protocols: Sequence[str]) -> QuicConfiguration:
    return QuicConfiguration(
        is_client=is_client,
        alpn_protocols=list(protocols),
        idle_timeout=IDLE_TIMEOUT_S,
        max_datagram_frame_size=_DATAGRAM_FRAME_LIMIT_BYTES,
    )
