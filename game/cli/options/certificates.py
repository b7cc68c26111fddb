"""The options for a server's TLS certificate: from files, or self-signed."""

import os
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.options.small_file import read_small_file
from game.runtime.preferences import configuration_folder
from net.errors import EncryptionUnavailable, ListenError
from net.security.certificates import fingerprint_of, format_fingerprint, make_self_signed
from net.stream.tls import server_context
from net.transport import TlsConfig

_KEPT_FILE = "certificate.pem"

TlsCertificate = Annotated[
    Path | None,
    typer.Option(
        "--tls-cert", metavar="FILE", help="Encrypt TCP and WebSocket: certificate (PEM)."
    ),
]
TlsKey = Annotated[
    Path | None,
    typer.Option("--tls-key", metavar="FILE", help="The certificate's private key (PEM)."),
]
TlsSelfSigned = Annotated[
    bool,
    typer.Option(
        "--tls-self-signed",
        help="Use a new certificate and print its fingerprint.",
    ),
]
TlsKeepIn = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Keep this certificate in FILE: the same fingerprint next time.",
    ),
]

# The end of the line before a key of any kind (RFC 7468).
_KEY_MARK = b"PRIVATE KEY-----"


def server_tls(
    certificate: Path | None, key: Path | None, is_self_signed: bool, keep_in: Path | None
) -> TlsConfig | None:
    """Return the TLS settings of a server; None for a server without TLS.

    Raises ``CliError`` if the certificate cannot be used.
    """
    if is_self_signed or keep_in is not None:
        if certificate or key:
            raise CliError("give --tls-cert and --tls-key, or --tls-self-signed, not both")
        return _self_signed(keep_in)
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise CliError("--tls-cert and --tls-key belong together: give both")
    tls = TlsConfig(read_small_file(certificate), read_small_file(key))
    return _checked(tls, certificate, key)


def kept_certificate() -> TlsConfig:
    """Return the certificate for transports that always encrypt: the same at every start.

    It is made at the first start, and kept in the user's configuration. Where nothing can be
    kept, it is a new one.
    """
    folder = configuration_folder()
    file = folder / _KEPT_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _self_signed(file)
    except (CliError, OSError):
        # A damaged file, or another server that writes it at this moment.
        return make_self_signed()


def fingerprint_line(tls: TlsConfig) -> str:
    """Return the fingerprint that clients give to ``--fingerprint``."""
    return format_fingerprint(fingerprint_of(tls.certificate_pem))


def _self_signed(keep_in: Path | None) -> TlsConfig:
    if keep_in is not None and os.path.exists(keep_in):
        both = read_small_file(keep_in)
        return _checked(TlsConfig(both, both), keep_in, keep_in)
    try:
        made = make_self_signed()
    except EncryptionUnavailable as error:
        raise CliError(str(error)) from error
    if keep_in is not None:
        _write_private(keep_in, made.key_pem + made.certificate_pem)
    return made


def _write_private(file: Path, pem: bytes) -> None:
    try:
        # Readable by its owner only, since it has the private key.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(pem)
    except OSError as error:
        raise CliError(f"{str(file)!r} cannot be written: {error.strerror}") from error


def _checked(tls: TlsConfig, certificate: Path, key: Path) -> TlsConfig:
    """Check what was read from two files. Raises ``CliError``, which names the wrong one."""
    try:
        fingerprint_of(tls.certificate_pem)
    except ValueError as error:
        raise CliError(f"{str(certificate)!r} has no certificate in PEM") from error
    if _KEY_MARK not in tls.key_pem:
        raise CliError(f"{str(key)!r} has no private key in PEM")
    try:
        server_context(tls)
    except ListenError as error:
        raise CliError(f"{str(certificate)!r} with {str(key)!r}: {error}") from error
    return tls
