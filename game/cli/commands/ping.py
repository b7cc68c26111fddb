"""``jitterball ping``: round-trip times to a server, over any transport."""

from collections.abc import Callable
from typing import Annotated

import typer

from game.cli.errors import CliError, ExitCode
from game.cli.language import say
from game.cli.options.link import LinkSeed, LinkSpec, open_route
from game.cli.options.numbers import number_option
from game.cli.options.password_prompt import prompt_if_required
from game.cli.options.security import (
    Fingerprint,
    Password,
    PasswordFile,
    UseTls,
    security_options,
)
from game.cli.options.server_choice import typed_address
from game.cli.options.transports import DEFAULT_TRANSPORT, check_port, chosen_transports
from game.cli.refusal import refusal_text
from game.lab.measure.pinger import INTERVAL_MIN_S, Pinger, PingReply
from game.runtime.shutdown import run_until_signal
from net.errors import ConnectError, SessionRefused, TlsError
from net.link.profile import Link
from net.measure.arrivals import Jitter
from net.measure.statistics import Quantiles
from net.security.options import SecurityOptions
from net.system import event_loop

COUNT_MAX = 1_000_000
INTERVAL_MAX_S = 60.0

Host = Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="The server's address.")]
TransportName = Annotated[
    str, typer.Option("--transport", "-t", metavar="NAME", help="The transport to use.")
]


def ping(
    host: Host,
    transport: TransportName = DEFAULT_TRANSPORT,
    count: Annotated[
        int | None, number_option(1, COUNT_MAX, "Number of pings. Default: until Ctrl-C.")
    ] = None,
    interval: Annotated[
        float, number_option(INTERVAL_MIN_S, INTERVAL_MAX_S, "Seconds between two pings.")
    ] = 1.0,
    link: LinkSpec = None,
    seed: LinkSeed = None,
    password: Password = None,
    password_file: PasswordFile = None,
    tls: UseTls = False,
    fingerprint: Fingerprint = None,
) -> None:
    """Ping a server: round-trip time, clock offset and jitter.

    Prints one line for each reply, then a summary. Exit code 0 if there was a reply, 4 if not.

    Over UDP and QUIC a ping that a later one overtook gets no reply. A longer interval avoids that.
    """
    jitter = Jitter()

    def print_reply(reply: PingReply) -> None:
        # Server time cancels out of this difference: the jitter is that of whole round trips.
        jitter.add(reply.t1, reply.t4 - (reply.t3 - reply.t2))
        print(
            say(
                f"answer {reply.number}: rtt {reply.delay_s * 1000:.2f} ms, "
                f"offset {format_offset(reply)}, jitter {jitter.jitter_s * 1000:.2f} ms"
            ),
            flush=True,
        )

    pinger = run_pinger(
        host,
        transport,
        security_options(host, password, password_file, tls, fingerprint),
        link=link,
        seed=seed,
        count=count,
        interval_s=interval,
        on_reply=print_reply,
        name="ping",
    )
    _print_summary(pinger, f"{host} over {transport}", jitter)
    if not pinger.untimed:
        require_replies(pinger, host)


def run_pinger(
    host: str,
    transport: str,
    security: SecurityOptions,
    *,
    link: Link | None,
    seed: int | None,
    count: int | None,
    interval_s: float,
    on_reply: Callable[[PingReply], None],
    name: str,
) -> Pinger:
    """Ping a server until all pings are answered, or Ctrl-C; return the pinger.

    Raises ``CliError`` if no connection can be opened or the server refuses it.
    """
    transports = chosen_transports([transport])
    address = typed_address(host)
    check_port(address.port, transports)
    security = prompt_if_required(transports[transport], address, security)
    with open_route(address, link, seed, transports) as route:
        pinger = Pinger(
            transports[transport],
            route.relay or address,
            on_reply,
            count=count,
            interval_s=interval_s,
            security=security,
            name=name,
        )
        try:
            event_loop.run(event_loop.end_on_callback_error(run_until_signal(pinger.run())))
        except TlsError as error:
            raise CliError(str(error), ExitCode.REFUSED) from error
        except ConnectError as error:
            raise CliError(f"no answer: {error}", ExitCode.NO_SERVER) from error
        except SessionRefused as error:
            raise CliError(refusal_text(error), ExitCode.REFUSED) from error
    return pinger


def require_replies(pinger: Pinger, host: str) -> None:
    """Check that a reply to a ping was timed. Raises ``CliError`` if none was."""
    if not pinger.replies:
        unanswered = "no answer was timed" if pinger.untimed else "no ping was answered"
        reason = pinger.close_reason or unanswered
        raise CliError(f"{host}: {reason}", ExitCode.NO_SERVER)


def format_offset(reply: PingReply) -> str:
    """Return the clock offset and its largest possible error.

    The error is largest if one direction had the whole delay: then it is half of the delay.
    """
    return f"{reply.offset_s:+.6f} s ± {reply.delay_s * 500:.2f} ms"


def _print_summary(pinger: Pinger, title: str, jitter: Jitter) -> None:
    replies = pinger.replies
    answered = len(replies) + pinger.untimed
    lost = pinger.sent - answered
    lost_percent = 100 * lost / pinger.sent if pinger.sent else 0.0
    print(say(f"--- {title} ---"))
    if lost and pinger.drops_overtaken:
        text = (
            f"{pinger.sent} sent, {answered} answered, {lost} lost or overtaken "
            f"({lost_percent:.0f}%)"
        )
    else:
        text = f"{pinger.sent} sent, {answered} answered, {lost} lost ({lost_percent:.0f}%)"
    print(say(text))
    if pinger.untimed:
        text = f"{pinger.untimed} answered while this program was stopped, and so not timed"
        print(say(text))
    if not replies:
        return
    rtt_ms = Quantiles.of(reply.delay_s for reply in replies).scaled(1000.0)
    fastest = min(replies, key=lambda reply: reply.delay_s)
    text = (
        f"rtt min {fastest.delay_s * 1000:.2f}, median {rtt_ms.p50:.2f}, mean {rtt_ms.mean:.2f}, "
        f"p95 {rtt_ms.p95:.2f}, max {rtt_ms.max:.2f} ms, "
        f"jitter {jitter.jitter_s * 1000:.2f} ms"
    )
    print(say(text))
    print(say(f"server clock minus ours: {format_offset(fastest)}"))
