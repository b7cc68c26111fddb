"""The options for passwords and TLS.

Other users of the computer can read a command's arguments in the list of processes. So a password
can also come from a file, an environment variable or the terminal.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError, ExitCode
from game.cli.language import say
from game.cli.options.small_file import read_small_file
from game.protocol.addresses import parse_address
from game.runtime.preferences import configuration_folder
from net.security.options import SecurityOptions
from net.transport import PORT_MAX, Address, TlsConfig

PASSWORD_VARIABLE = "JITTERBALL_PASSWORD"
KNOWN_SERVERS_FILE = "known_servers"
# Names of this computer that need no network. Nobody stands in between.
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
_FINGERPRINT_BYTES = 32
# Characters of a wrong fingerprint that an error shows: enough to recognise it, and short enough
# for one line.
_SHOWN_CHARACTERS = 16

AskForPassword = Annotated[
    bool,
    typer.Option("--password", help="Ask you for a password, which clients then need."),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=f"File with the server's password in its first line. Or set {PASSWORD_VARIABLE}.",
    ),
]
Password = Annotated[
    str | None,
    typer.Option(
        metavar="WORD",
        help="The server's password. Other users can see it in the list of processes.",
    ),
]
UseTls = Annotated[
    bool, typer.Option("--tls", help="Encrypt TCP and WebSocket; the server must use TLS too.")
]


def read_fingerprint(text: str) -> bytes:
    """Return a typed SHA-256 fingerprint. Raises ``CliError`` if it is not one."""
    digits = text.strip().removeprefix("SHA256:").replace(":", "").replace(" ", "")
    with suppress(ValueError):
        if len(fingerprint := bytes.fromhex(digits)) == _FINGERPRINT_BYTES:
            return fingerprint
    raise CliError(
        f"{_shortened(text)!r} is no SHA-256 fingerprint: give the 64 hex digits that the server "
        "printed"
    )


def _parse_fingerprint(text: str) -> bytes:
    try:
        return read_fingerprint(text)
    except CliError as error:
        raise typer.BadParameter(str(error)) from error


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


Fingerprint = Annotated[
    bytes | None,
    typer.Option(
        metavar="SHA256",
        parser=_parse_fingerprint,
        help="Use TLS and accept only the certificate with this fingerprint.",
    ),
]


def security_options(
    host: str | None,
    password: str | None,
    password_file: Path | None,
    tls: bool,
    fingerprint: bytes | None,
) -> SecurityOptions:
    """Return the security options for the server ``host``; a private server needs none.

    Raises ``CliError`` if options are given without a host, or the password cannot be read.
    """
    if host is None:
        if password or password_file or tls or fingerprint:
            raise CliError(
                "--password, --password-file, --tls and --fingerprint need a server: "
                "give its HOST, or leave them out"
            )
        return SecurityOptions()
    if password is not None:
        text = (
            "jitterball: other users of this computer can see --password in the list of processes; "
            f"they cannot see --password-file and {PASSWORD_VARIABLE}"
        )
        print(say(text), file=sys.stderr)
    secret = (
        _checked(password, "--password") if password is not None else read_password(password_file)
    )
    if not (tls or fingerprint):
        return SecurityOptions(secret or "", trust=_trust_at_first_use(host))
    return SecurityOptions(
        secret or "", TlsConfig(fingerprint=fingerprint or b"", host=_name_of(host))
    )


def _trust_at_first_use(host: str) -> Callable[[Address, bytes], None] | None:
    """Return the check of a certificate that ``host`` made for itself; None on this computer.

    The address that is connected to may be a relay's, so the typed one is remembered.
    """
    if _name_of(host) in LOCAL_HOSTS:
        return None
    told = False

    def trust(address: Address, fingerprint: bytes) -> None:
        # Imported here: only a transport that always encrypts asks.
        from game.runtime.known_servers import KnownServers
        from net.security.certificates import format_fingerprint

        nonlocal told
        known = KnownServers(configuration_folder() / KNOWN_SERVERS_FILE)
        if known.check(host, fingerprint) and not told:
            told = True
            shown = format_fingerprint(fingerprint)
            text = (
                f"jitterball: first time at {host}: its certificate is trusted from now on; "
                f"the server should print the same fingerprint: {shown}"
            )
            print(say(text), file=sys.stderr)

    return trust


def read_password(file: Path | None) -> str | None:
    """Return the password of a file or of the environment variable; None if there is neither.

    Raises ``CliError`` if the file cannot be read, is too long, or has no password.
    """
    if file is None:
        secret = os.environ.get(PASSWORD_VARIABLE)
        return None if secret is None else _checked(secret, PASSWORD_VARIABLE)
    try:
        lines = read_small_file(file).decode("utf-8-sig").splitlines()
    except UnicodeError as error:
        raise CliError(f"{str(file)!r} is not a text file in UTF-8") from error
    return _checked(lines[0] if lines else "", str(file))


def ask_for_new_password() -> str:
    """Ask for the password of a new server, twice and without echo. Raises ``CliError``."""
    if not sys.stdin.isatty():
        raise CliError(
            "--password asks at a terminal, and there is none: "
            f"give --password-file FILE or set {PASSWORD_VARIABLE}"
        )
    secret = ask_password("Password for this server: ")
    if ask_password("Once more: ") != secret:
        raise CliError("the two passwords are different: start again")
    return _checked(secret, "the password")


def ask_password(question: str) -> str:
    """Ask for a password without echo. Raises ``CliError`` if the user gives none."""
    try:
        return getpass(say(question))
    except (EOFError, KeyboardInterrupt) as error:
        raise CliError("no password was given", ExitCode.REFUSED) from error


def _name_of(host: str) -> str:
    """Return the host name for the certificate check; "" if the address is not valid.

    The command reports the wrong address itself.
    """
    try:
        return parse_address(host, PORT_MAX).host
    except ValueError:
        return ""


def _checked(secret: str, source: str) -> str:
    if not secret.strip():
        raise CliError(f"{source} has no password: give at least one character")
    return secret
