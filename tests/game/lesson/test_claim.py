"""Tests of claims: which runs they hold for."""

import pytest

from game.lesson.claim import ClaimError, FigureOf, parse_claim, parse_figure

FIGURES = {
    "tcp": {"longest_freeze_ms": 180.0, "age_p95_ms": 110.0},
    "udp": {"longest_freeze_ms": 0.0, "age_p95_ms": 70.0},
}


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("tcp.longest_freeze_ms > 150", True),
        ("tcp.longest_freeze_ms > 180", False),
        ("udp.longest_freeze_ms < 60.5", True),
        ("tcp.age_p95_ms > udp.age_p95_ms", True),
        ("tcp.age_p95_ms > udp.age_p95_ms + 50", False),
        ("tcp.age_p95_ms - 1 > 3", None),
        ("udp.age_p95_ms<tcp.age_p95_ms-30", True),
        # What is not known shows nothing.
        ("tcp.events > 3", False),
        ("quic.age_p95_ms < 1000", False),
    ],
)
def test_a_claim_holds_for_the_figures_that_it_says(claim: str, holds: bool | None) -> None:
    if holds is None:
        with pytest.raises(ClaimError):
            parse_claim(claim)
    else:
        assert parse_claim(claim).holds(FIGURES) is holds


def test_a_claim_names_the_transports_that_it_compares() -> None:
    assert parse_claim("tcp.events > udp.events").transports == ("tcp", "udp")
    assert parse_claim("tcp.events > 3").transports == ("tcp",)


def test_a_figure_is_a_transport_and_a_name() -> None:
    assert parse_figure("my-plugin.events") == FigureOf("my-plugin", "events")
    with pytest.raises(ClaimError, match="did you mean events"):
        parse_figure("tcp.event")
    with pytest.raises(ClaimError, match="write it like"):
        parse_figure("events")
