"""``jitterball ping`` and ``jitterball time``: round trips and clocks, on any transport."""

from collections.abc import Callable
from typing import Annotated

import typer

from game.cli.errors import CliError, ExitCode
from game.cli.options.link import LinkSeed, LinkSpec, open_route
from game.cli.options.netcode import number_option
from game.cli.options.security import (
    Fingerprint,
    Password,
    PasswordFile,
    UseTls,
    prompt_if_required,
    security_options,
)
from game.cli.options.server_choice import typed_address
from game.cli.options.transports import DEFAULT_TRANSPORT, check_port, chosen_transports
from game.lab.measure.pinger import INTERVAL_MIN_S, Pinger, PingReply
from game.runtime.shutdown import run_until_signal
from net.errors import ConnectError, SessionRefused, TlsError
from net.link.profile import Link
from net.measure.arrivals import Jitter
from net.measure.statistics import Quantiles
from net.security.options import SecurityOptions
from net.system import event_loop
from net.transport import Address

COUNT_MAX = 1_000_000
INTERVAL_MAX_S = 60.0
# SNTP clients take a burst of eight and keep the best (RFC 5905, section 13).
TIME_EXCHANGES = 8

Host = Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="Any Jitterball server.")]
TransportName = Annotated[
    str, typer.Option("--transport", "-t", metavar="NAME", help="Over which transport.")
]


def ping(
    host: Host,
    transport: TransportName = DEFAULT_TRANSPORT,
    count: Annotated[
        int | None, number_option(1, COUNT_MAX, "How many pings. Default: until Ctrl-C.")
    ] = None,
    interval: Annotated[
        float, number_option(INTERVAL_MIN_S, INTERVAL_MAX_S, "Seconds from one to the next.")
    ] = 1.0,
    link: LinkSpec = None,
    seed: LinkSeed = None,
    password: Password = None,
    password_file: PasswordFile = None,
    tls: UseTls = False,
    fingerprint: Fingerprint = None,
) -> None:
    """Ping a server: a line an answer with round trip, clock offset and jitter, then a summary.

    Ends with code 0 if there was an answer, 4 without.
    """
    jitter = Jitter()

    def show(answer: PingReply) -> None:
        # The same way there and back: the jitter is that of whole round trips.
        jitter.add(answer.t1, answer.t4 - (answer.t3 - answer.t2))
        print(
            f"answer {answer.number}: rtt {answer.delay_s * 1000:.2f} ms, "
            f"offset {_offset(answer)}, jitter {jitter.jitter_s * 1000:.2f} ms",
            flush=True,
        )

    access = security_options(host, password, password_file, tls, fingerprint)
    pinger = _run("ping", host, transport, link, seed, count, interval, show, access)
    _summarise(pinger, f"{host} over {transport}", jitter)
    _complain_of_silence(pinger, host)


def time(
    host: Host,
    transport: TransportName = DEFAULT_TRANSPORT,
    link: LinkSpec = None,
    seed: LinkSeed = None,
    password: Password = None,
    password_file: PasswordFile = None,
    tls: UseTls = False,
    fingerprint: Fingerprint = None,
) -> None:
    """Show a server's clock: four timestamps, eight exchanges, and the one with least delay.

    The clocks count seconds from some moment of their own, such as a computer's start.
    """
    access = security_options(host, password, password_file, tls, fingerprint)
    pinger = _run(
        "time", host, transport, link, seed, TIME_EXCHANGES, INTERVAL_MIN_S, lambda _: None, access
    )
    _complain_of_silence(pinger, host)
    best = min(pinger.answers, key=lambda answer: answer.delay_s)
    print("   t1 sent (ours)   t2 got (theirs)  t3 sent (theirs)     t4 got (ours)     delay")
    for answer in pinger.answers:
        stamps = " ".join(f"{stamp:17.6f}" for stamp in answer[1:5])
        mark = "  <- least delay" if answer is best else ""
        print(f"{stamps} {answer.delay_s * 1000:6.2f} ms{mark}")
    print(f"server's clock {best.t3 + best.delay_s / 2:.6f} s when ours showed {best.t4:.6f} s")
    print(f"offset {_offset(best)}: ((t2 - t1) + (t3 - t4)) / 2")
    print(f"delay {best.delay_s * 1000:.2f} ms: (t4 - t1) - (t3 - t2)")


def _run(
    name: str,
    host: str,
    transport: str,
    link: Link | None,
    seed: int | None,
    count: int | None,
    interval_s: float,
    show: Callable[[PingReply], None],
    access: SecurityOptions,
) -> Pinger:
    transports = chosen_transports([transport])
    address = typed_address(host)
    check_port(address.port, transports)
    access = prompt_if_required(transports[transport], address, access)
    with open_route(address, link, seed, transports) as way:
        reached: Address = way.relay or address
        pinger = Pinger(transports[transport], reached, count, interval_s, show, access, name)
        try:
            event_loop.run(run_until_signal(pinger.run()))
        except TlsError as error:
            raise CliError(str(error), ExitCode.REFUSED) from error
        except ConnectError as error:
            raise CliError(f"no answer: {error}", ExitCode.NO_SERVER) from error
        except SessionRefused as error:
            raise CliError(f"the server refused: {error}", ExitCode.REFUSED) from error
    return pinger


def _summarise(pinger: Pinger, what: str, jitter: Jitter) -> None:
    answers = pinger.answers
    lost = pinger.sent - len(answers)
    share = 100 * lost / pinger.sent if pinger.sent else 0.0
    print(f"--- {what} ---")
    print(f"{pinger.sent} sent, {len(answers)} answered, {lost} lost ({share:.0f}%)")
    if not answers:
        return
    rtt_ms = Quantiles.of(answer.delay_s for answer in answers).scaled(1000.0)
    least = min(answers, key=lambda answer: answer.delay_s)
    print(
        f"rtt least {least.delay_s * 1000:.2f}, median {rtt_ms.p50:.2f}, mean {rtt_ms.mean:.2f}, "
        f"p95 {rtt_ms.p95:.2f}, greatest {rtt_ms.max:.2f} ms, "
        f"jitter {jitter.jitter_s * 1000:.2f} ms"
    )
    print(f"server's clock less ours: {_offset(least)}")


def _offset(answer: PingReply) -> str:
    """Return the offset and how wrong it can be: half the delay, if all of it was one way."""
    return f"{answer.offset_s:+.6f} s ± {answer.delay_s * 500:.2f} ms"


def _complain_of_silence(pinger: Pinger, host: str) -> None:
    if not pinger.answers:
        why = pinger.farewell or "no ping was answered"
        raise CliError(f"{host}: {why}", ExitCode.NO_SERVER)
