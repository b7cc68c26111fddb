"""A bot that is silent or floods is disqualified, in virtual time; one that plays is not."""

from collections.abc import Callable

import pytest

from game.lab.league.disqualification import (
    FLOOD_PACKETS_PER_S,
    SILENCE_LIMIT_S,
    BotTraffic,
)
from net.link.profile import RelayProtocol
from net.link.stats import ConnectionStats, DirectionStats
from net.transport import Address

BEGAN_AT = 100.0
POLL_S = 0.125


def carried(packets: int, number: int = 0) -> ConnectionStats:
    up, down = DirectionStats(packets, 0, 0, 0, 0), DirectionStats(0, 0, 0, 0, 0)
    return ConnectionStats(RelayProtocol.UDP, 7777, Address("127.0.0.1", 5), number, up, down)


def judged(packets_at: Callable[[float], int], seconds: float) -> tuple[float, str]:
    """Return when a bot is disqualified that has sent so many packets, and why."""
    traffic = BotTraffic()
    traffic.begin(BEGAN_AT)
    for poll in range(1, round(seconds / POLL_S) + 1):
        at_s = poll * POLL_S
        traffic.count([carried(packets_at(at_s))], BEGAN_AT + at_s)
        if reason := traffic.disqualification(BEGAN_AT + at_s):
            return at_s, reason
    return seconds, ""


@pytest.mark.parametrize("packets_per_s", [30, 90, FLOOD_PACKETS_PER_S])
def test_a_bot_that_plays_is_not_disqualified(packets_per_s: float) -> None:
    assert judged(lambda at_s: int(packets_per_s * at_s), 60.0) == (60.0, "")


def test_a_bot_that_falls_silent_is_disqualified_after_the_limit() -> None:
    at_s, reason = judged(lambda at_s: int(30 * min(at_s, 10.0)), 60.0)
    assert at_s == 10.0 + SILENCE_LIMIT_S + POLL_S
    assert reason == "it hangs: it sent nothing for 5 s"


def test_a_bot_that_never_sends_is_disqualified_too() -> None:
    assert judged(lambda at_s: 0, 60.0)[0] == SILENCE_LIMIT_S + POLL_S


def test_a_flood_is_told_with_its_rate() -> None:
    at_s, reason = judged(lambda at_s: int(800 * at_s), 60.0)
    assert at_s == 3.0 + POLL_S
    assert reason == "it floods the server: 800 packets/s"


def test_a_burst_alone_is_no_flood() -> None:
    assert judged(lambda at_s: int(90 * at_s) + 600 * (at_s > 10.0), 30.0) == (30.0, "")


def test_all_connections_of_a_bot_count() -> None:
    traffic = BotTraffic()
    traffic.begin(BEGAN_AT)
    traffic.count([carried(40)], BEGAN_AT + 1.0)
    traffic.count([carried(2, number=1)], BEGAN_AT + 4.0)
    assert (traffic.packets, traffic.connections) == (42, 2)
    assert traffic.disqualification(BEGAN_AT + 4.0 + SILENCE_LIMIT_S) == ""
