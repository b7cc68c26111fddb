"""Passwords and TLS on the command line: where a secret comes from, and what is believed.

A word among the arguments can be read by everybody on the computer, in its list of processes; so
there are a file, a variable and the terminal too.
"""

import os
import sys
from contextlib import suppress
from dataclasses import replace
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError, ExitCode
from game.protocol.addresses import PORT_MAX, parse_address
from game.runtime.shutdown import run_until_signal
from net.errors import ConnectError, EncryptionUnavailable, ListenError, SessionRefused, TlsError
from net.security.certificates import fingerprint_of, format_fingerprint, make_self_signed
from net.security.options import SecurityOptions
from net.session.messages import RefusalReason
from net.stream.tls import server_context
from net.system import event_loop
from net.transport import Address, TlsConfig, Transport

PASSWORD_VARIABLE = "JITTERBALL_PASSWORD"
# As often as a login asks.
PASSWORD_ATTEMPTS = 3
_FINGERPRINT_BYTES = 32

AskForPassword = Annotated[
    bool,
    typer.Option("--password", help="Let in only who knows the password you are asked for."),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=f"The server's password is the first line of this file. Or set {PASSWORD_VARIABLE}.",
    ),
]
Password = Annotated[
    str | None,
    typer.Option(
        metavar="WORD",
        help="The server's password; others on this computer can see it in the list of processes.",
    ),
]
UseTls = Annotated[
    bool, typer.Option("--tls", help="Encrypt TCP and WebSocket; the server must do so too.")
]


def _parse_fingerprint(text: str) -> bytes:
    digits = text.strip().removeprefix("SHA256:").replace(":", "").replace(" ", "")
    with suppress(ValueError):
        if len(fingerprint := bytes.fromhex(digits)) == _FINGERPRINT_BYTES:
            return fingerprint
    raise typer.BadParameter(
        f"{text!r:.80} is no SHA-256 fingerprint: give the 64 digits that the host was shown"
    )


Fingerprint = Annotated[
    bytes | None,
    typer.Option(
        metavar="SHA256",
        parser=_parse_fingerprint,
        help="With TLS believe this certificate only: the one that the host made for itself.",
    ),
]

TlsCertificate = Annotated[
    Path | None,
    typer.Option("--tls-cert", metavar="FILE", help="Encrypt TCP and WebSocket: certificate, PEM."),
]
TlsKey = Annotated[
    Path | None, typer.Option("--tls-key", metavar="FILE", help="The certificate's key, PEM.")
]
TlsSelfSigned = Annotated[
    bool,
    typer.Option("--tls-self-signed", help="Make a certificate and say its fingerprint."),
]
TlsKeepIn = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Keep the certificate made here: the same fingerprint next time."
    ),
]


def security_options(
    host: str | None,
    password: str | None,
    password_file: Path | None,
    tls: bool,
    fingerprint: bytes | None,
) -> SecurityOptions:
    """Return what was given to get into ``host``'s server; for one of our own nothing is needed.

    Raises ``CliError``.
    """
    if host is None:
        if password or password_file or tls or fingerprint:
            raise CliError(
                "--password, --password-file, --tls and --fingerprint are for somebody's server: "
                "name its HOST, or leave them out"
            )
        return SecurityOptions()
    if password is not None:
        print(
            "jitterball: others on this computer can see --password in its list of processes; "
            f"--password-file and {PASSWORD_VARIABLE} keep it to yourself",
            file=sys.stderr,
        )
    word = (
        _checked(password, "--password") if password is not None else read_password(password_file)
    )
    if not (tls or fingerprint):
        return SecurityOptions(word or "")
    return SecurityOptions(
        word or "", TlsConfig(fingerprint=fingerprint or b"", host=_name_of(host))
    )


def read_password(file: Path | None) -> str | None:
    """Return the password in a file or in the variable; None if neither is given.

    Raises ``CliError`` for a file that cannot be read, or holds none.
    """
    if file is None:
        word = os.environ.get(PASSWORD_VARIABLE)
        return None if word is None else _checked(word, PASSWORD_VARIABLE)
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise CliError(f"{str(file)!r} cannot be read: {error.strerror}") from error
    except UnicodeError as error:
        raise CliError(f"{str(file)!r} is no text in UTF-8") from error
    return _checked(lines[0] if lines else "", str(file))


def ask_for_new_password() -> str:
    """Ask the host, twice and without echo, which password the server shall have."""
    if not sys.stdin.isatty():
        raise CliError(
            "--password asks at a terminal, and there is none: "
            f"give --password-file FILE or set {PASSWORD_VARIABLE}"
        )
    word = _asked("Password for this server: ")
    if _asked("Once more: ") != word:
        raise CliError("these were two different passwords: start again")
    return _checked(word, "the password")


def prompt_if_required(
    transport: Transport, address: Address, access: SecurityOptions
) -> SecurityOptions:
    """Ask the person at the terminal for the password, if there is one and the server wants it.

    Who was given a password, or has no terminal, learns from the server what it thinks of that.
    """
    if access.password or not sys.stdin.isatty():
        return access
    return prompt_until_accepted(transport, address, access)


def prompt_until_accepted(
    transport: Transport, address: Address, access: SecurityOptions
) -> SecurityOptions:
    """Knock at a server, ask at the terminal for what is missing, and return what opens it.

    When nobody answers, that is for others to say. Raises ``CliError`` when the password is wrong
    and there is nobody to ask, or the last answer was wrong too; and when only one end speaks TLS,
    or its certificate is another.
    """
    questions = 0 if access.password or not sys.stdin.isatty() else PASSWORD_ATTEMPTS
    refused = _probe_server(transport, address, access)
    while refused is not None:
        if refused.reason != RefusalReason.PASSWORD or not questions:
            raise CliError(f"the server refused: {refused}", ExitCode.REFUSED)
        if access.password:
            print(f"jitterball: {refused}", file=sys.stderr)
        access = replace(access, password=_asked(f"Password for {address}: "))
        questions -= 1
        refused = _probe_server(transport, address, access)
    return access


def server_tls(
    certificate: Path | None, key: Path | None, make_one: bool, keep_in: Path | None
) -> TlsConfig | None:
    """Return the certificate that a server shall show; None for a server without TLS.

    Raises ``CliError`` for one that cannot be used.
    """
    if make_one or keep_in is not None:
        if certificate or key:
            raise CliError("give --tls-cert and --tls-key, or --tls-self-signed, not both")
        return _own_certificate(keep_in)
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise CliError("--tls-cert and --tls-key belong together: give both")
    return _usable(TlsConfig(_bytes_of(certificate), _bytes_of(key)))


def fingerprint_line(tls: TlsConfig) -> str:
    """Return the fingerprint that clients are to give."""
    return format_fingerprint(fingerprint_of(tls.certificate_pem))


def _name_of(host: str) -> str:
    """Return the name that a certificate must be for; what is no address is complained of later."""
    try:
        return parse_address(host, PORT_MAX).host
    except ValueError:
        return ""


def _own_certificate(keep_in: Path | None) -> TlsConfig:
    if keep_in is not None and keep_in.exists():
        both = _bytes_of(keep_in)
        return _usable(TlsConfig(both, both))
    try:
        made = make_self_signed()
    except EncryptionUnavailable as error:
        raise CliError(str(error)) from error
    if keep_in is not None:
        _keep(keep_in, made.key_pem + made.certificate_pem)
    return made


def _keep(file: Path, pem: bytes) -> None:
    try:
        # For nobody else to read: it holds the key.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(pem)
    except OSError as error:
        raise CliError(f"{str(file)!r} cannot be written: {error.strerror}") from error


def _usable(tls: TlsConfig) -> TlsConfig:
    try:
        server_context(tls)
        fingerprint_of(tls.certificate_pem)
    except (ListenError, ValueError) as error:
        raise CliError(str(error)) from error
    return tls


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CliError(f"{str(file)!r} cannot be read: {error.strerror}") from error


def _checked(word: str, source: str) -> str:
    if not word.strip():
        raise CliError(f"{source} holds no password: give at least one character")
    return word


def _asked(question: str) -> str:
    try:
        return getpass(question)
    except (EOFError, KeyboardInterrupt) as error:
        raise CliError("no password was given", ExitCode.REFUSED) from error


def _probe_server(
    transport: Transport, address: Address, access: SecurityOptions
) -> SessionRefused | None:
    """Return how the server refuses us; None if it does not, or does not answer.

    Raises ``CliError`` where TLS does not come to be, and never will.
    """
    # Imported here: only a server of somebody else is probed.
    from game.lab.measure.pinger import INTERVAL_MIN_S, Pinger

    pinger = Pinger(
        transport,
        address,
        lambda _: None,
        count=1,
        interval_s=INTERVAL_MIN_S,
        security=access,
        name="probe",
    )
    try:
        event_loop.run(run_until_signal(pinger.run()))
    except TlsError as error:
        raise CliError(str(error), ExitCode.REFUSED) from error
    except ConnectError:
        # Who looks for the server next says so better.
        return None
    except SessionRefused as refused:
        return refused
    return None
