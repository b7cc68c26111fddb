"""The password prompt of a client, after a test connection to the server."""

import sys
from dataclasses import replace

from game.cli.errors import CliError, ExitCode
from game.cli.language import say
from game.cli.options.security import ask_password
from game.cli.refusal import refusal_text
from game.lab.measure.pinger import INTERVAL_MIN_S, Pinger
from net.errors import ConnectError, SessionRefused, TlsError
from net.security.options import SecurityOptions
from net.session.messages import RefusalReason
from net.system import event_loop
from net.transport import Address, Transport

# The same number of attempts as at a login prompt.
PASSWORD_ATTEMPTS = 3
# The limit of each stage of the test connection. Without an answer the command starts all the same,
# and says what it waits for.
PROBE_TIMEOUT_S = 5.0


def prompt_if_required(
    transport: Transport, address: Address, security: SecurityOptions
) -> SecurityOptions:
    """Ask for the password if the server requires one and none was given.

    Without a terminal nothing is asked; the server then refuses the client itself.
    """
    if security.password or not sys.stdin.isatty():
        return security
    return prompt_until_accepted(transport, address, security)


def prompt_until_accepted(
    transport: Transport, address: Address, security: SecurityOptions, room: str = ""
) -> SecurityOptions:
    """Probe the server, ask for a password if it requires one, and return accepted options.

    If the server does not answer, return the options unchanged: the caller reports it.
    Raises ``CliError`` if the password is wrong and there is no terminal or no attempt left, if
    only one end uses TLS, or if the certificate has another fingerprint.
    """
    attempts = 0 if security.password or not sys.stdin.isatty() else PASSWORD_ATTEMPTS
    refused = _probe_server(transport, address, security, room)
    while refused is not None:
        if refused.reason == RefusalReason.BAD_ROOM:
            raise CliError(f"{refusal_text(refused)}; name it with --room", ExitCode.REFUSED)
        if refused.reason != RefusalReason.PASSWORD or not attempts:
            raise CliError(refusal_text(refused), ExitCode.REFUSED)
        if security.password:
            print(say(f"jitterball: {refused}"), file=sys.stderr)
        security = replace(security, password=ask_password(f"Password for {address}: "))
        attempts -= 1
        refused = _probe_server(transport, address, security, room)
    return security


def _probe_server(
    transport: Transport, address: Address, security: SecurityOptions, room: str
) -> SessionRefused | None:
    """Return the server's refusal; None if it accepts the client, or does not answer.

    Raises ``CliError`` if the ends do not agree on TLS.
    """
    pinger = Pinger(
        transport,
        address,
        lambda _: None,
        count=1,
        interval_s=INTERVAL_MIN_S,
        security=security,
        name="probe",
        stage_timeout_s=PROBE_TIMEOUT_S,
        room=room,
    )
    try:
        # Not ``run_until_signal``: Ctrl-C ends the command, and not this test connection alone.
        event_loop.run(event_loop.end_on_callback_error(pinger.run()))
    except TlsError as error:
        raise CliError(str(error), ExitCode.REFUSED) from error
    except ConnectError:
        # The command itself searches longer, and then reports the missing server.
        return None
    except SessionRefused as refused:
        return refused
    return None
