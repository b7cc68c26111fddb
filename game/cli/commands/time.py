"""``jitterball time``: the clock offset of a server, from exchanges of four timestamps."""

from game.cli.commands.ping import Host, TransportName, format_offset, require_replies, run_pinger
from game.cli.language import say
from game.cli.options.link import LinkSeed, LinkSpec
from game.cli.options.security import (
    Fingerprint,
    Password,
    PasswordFile,
    UseTls,
    security_options,
)
from game.cli.options.transports import DEFAULT_TRANSPORT
from game.lab.measure.pinger import INTERVAL_MIN_S

# An NTP client sends a burst of eight and keeps the sample with the least delay (RFC 5905,
# section 13).
EXCHANGES = 8


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
    """Show the clock offset of a server, from eight exchanges of timestamps.

    The exchange with the least delay gives the best estimate. Each clock counts seconds from a
    start of its own, such as the start of its computer.
    """
    pinger = run_pinger(
        host,
        transport,
        security_options(host, password, password_file, tls, fingerprint),
        link=link,
        seed=seed,
        count=EXCHANGES,
        interval_s=INTERVAL_MIN_S,
        on_reply=lambda _: None,
        name="time",
    )
    require_replies(pinger, host)
    best = min(pinger.replies, key=lambda reply: reply.delay_s)
    print(say("   t1 sent (ours)   t2 got (theirs)  t3 sent (theirs)     t4 got (ours)     delay"))
    for reply in pinger.replies:
        timestamps = " ".join(
            f"{time_s:17.6f}" for time_s in (reply.t1, reply.t2, reply.t3, reply.t4)
        )
        marker = "  <- least delay" if reply is best else ""
        print(say(f"{timestamps} {reply.delay_s * 1000:6.2f} ms{marker}"))
    text = f"server clock {best.t3 + best.delay_s / 2:.6f} s when ours showed {best.t4:.6f} s"
    print(say(text))
    print(say(f"offset {format_offset(best)}: ((t2 - t1) + (t3 - t4)) / 2"))
    print(say(f"delay {best.delay_s * 1000:.2f} ms: (t4 - t1) - (t3 - t2)"))
