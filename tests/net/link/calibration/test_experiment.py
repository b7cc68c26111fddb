"""Tests of the experiment: delays of whole messages, stalls, and only the counted seconds."""

from dataclasses import replace

import pytest

from net.link.profile import Link, LinkProfile
from net.link.tcp.tcp_model import TcpPath
from tests.net.link.calibration.experiment import (
    COUNTED_FROM_S,
    COUNTED_TO_S,
    LOSS_FROM_S,
    DirectionSamples,
    ExperimentCase,
    run_case,
    run_connection,
    summarize,
)

CLEAR = Link.symmetric(LinkProfile(delay_s=0.025))
LOSSY = Link.symmetric(LinkProfile(delay_s=0.025, loss_ratio=0.05))
COUNTED_S = COUNTED_TO_S - COUNTED_FROM_S


def test_clear_link_gives_the_delay_and_no_stalls() -> None:
    to_server, to_client = run_case(ExperimentCase(CLEAR), [1])
    for stats in (to_server, to_client):
        assert stats.mean_s == pytest.approx(0.025)
        assert stats.p99_s == pytest.approx(0.025)
        assert stats.stalls_per_min == 0


def test_only_messages_of_the_counted_seconds_count() -> None:
    to_server, to_client = run_connection(ExperimentCase(CLEAR), 1)
    assert len(to_server.delays_s) == pytest.approx(60 * COUNTED_S, abs=1)
    assert len(to_client.delays_s) == pytest.approx(30 * COUNTED_S, abs=1)


def test_side_that_only_listens_has_no_samples() -> None:
    to_server, to_client = run_connection(ExperimentCase(CLEAR, up_hz=60, down_hz=0), 1)
    assert to_server.delays_s
    assert to_client == DirectionSamples([], 0)


def test_each_counted_message_has_a_delay_however_late() -> None:
    dreadful = Link.symmetric(LinkProfile(delay_s=0.1, loss_ratio=0.4))
    to_server, _ = run_connection(ExperimentCase(dreadful), 3)
    assert len(to_server.delays_s) == pytest.approx(60 * COUNTED_S, abs=1)
    assert max(to_server.delays_s) > 1


def test_loss_begins_when_the_connection_has_settled() -> None:
    changes: list[tuple[float, Link]] = []

    class Watched(TcpPath):
        def set_link(self, now: float, link: Link) -> None:
            changes.append((now, link))
            super().set_link(now, link)

    run_connection(ExperimentCase(LOSSY), 1, Watched)
    ((at, link),) = changes
    assert link == LOSSY
    assert LOSS_FROM_S < at < LOSS_FROM_S + 1.1  # connections start within a second


def test_without_loss_keeps_everything_else() -> None:
    profile = replace(LOSSY.up, nagle=True, jitter_s=0.001)
    assert ExperimentCase(Link.symmetric(profile)).without_loss().down == replace(
        profile, loss_ratio=0.0
    )


def test_one_seed_gives_one_connection() -> None:
    assert run_connection(ExperimentCase(LOSSY), 5) == run_connection(ExperimentCase(LOSSY), 5)
    assert run_connection(ExperimentCase(LOSSY), 5) != run_connection(ExperimentCase(LOSSY), 6)


def test_statistics_are_over_all_connections() -> None:
    stats = summarize([DirectionSamples([0.1, 0.2], 3), DirectionSamples([0.3], 0)])
    assert stats.mean_s == pytest.approx(0.2)
    assert stats.p50_s == pytest.approx(0.2)
    assert stats.stalls_per_min == pytest.approx(3 / (2 * COUNTED_S / 60))


def test_messages_are_separated_however_the_stream_is_split() -> None:
    # Nagle sends several at once. Their delays differ by the time between their writings.
    case = ExperimentCase(Link.symmetric(LinkProfile(delay_s=0.025, nagle=True)))
    to_server, _ = run_connection(case, 2)
    assert min(to_server.delays_s) >= 0.025 - 1e-9
    assert max(to_server.delays_s) > 0.05
