"""Tests of the protocol between a relay and its parent: values survive the pipe."""

import json

from hypothesis import given
from hypothesis import strategies as st

from net.link.json_lines import encode_line, link_from_json, link_to_json
from net.link.profile import Link, LinkProfile, RelayProtocol
from net.link.relay.control_protocol import (
    settings_from_json,
    settings_to_json,
    stats_from_json,
    stats_to_json,
)
from net.link.relay.settings import RelaySettings, Route, game_routes
from net.link.stats import ConnectionStats, DirectionStats, TcpStats
from net.transport import Address

profiles = st.builds(
    LinkProfile,
    delay_s=st.floats(0, 10),
    jitter_s=st.floats(0, 1),
    reorders=st.booleans(),
    loss_ratio=st.floats(0, 1),
    burst=st.floats(1, 100),
    rate_bps=st.none() | st.floats(1e3, 1e9),
    queue_bytes=st.none() | st.integers(1, 10**9),
)
links = st.builds(Link, profiles, profiles, st.sampled_from(["", "lossy"]))
counts = st.integers(0, 10**9)
tcp_stats = st.builds(
    TcpStats, st.floats(0, 10), st.floats(0, 120), counts, counts, counts, counts, counts, counts
)
directions = st.builds(
    DirectionStats, counts, counts, counts, counts, counts, st.none() | tcp_stats
)
addresses = st.builds(Address, st.sampled_from(["127.0.0.1", "::1", "a.b"]), st.integers(0, 65535))


@given(links)
def test_a_link_survives_the_pipe(link: Link) -> None:
    back = link_from_json(json.loads(encode_line(link_to_json(link))))
    assert back == link
    assert back.name == link.name


@given(links, st.integers(), addresses, addresses)
def test_settings_survive_the_pipe(link: Link, seed: int, target: Address, listen: Address) -> None:
    settings = RelaySettings(
        link, seed, target, (Route(RelayProtocol.TCP), Route(RelayProtocol.UDP, 1)), listen
    )
    assert settings_from_json(json.loads(encode_line(settings_to_json(settings)))) == settings


@given(
    st.sampled_from(RelayProtocol), st.integers(1, 65535), addresses, counts, directions, directions
)
def test_stats_survive_the_pipe(
    kind: RelayProtocol,
    port: int,
    client: Address,
    number: int,
    up: DirectionStats,
    down: DirectionStats,
) -> None:
    stats = ConnectionStats(kind, port, client, number, up, down)
    assert stats_from_json(json.loads(encode_line(stats_to_json(stats)))) == stats


def test_a_line_is_one_line() -> None:
    assert encode_line({"text": "two\nlines"}).count(b"\n") == 1


def test_a_game_gets_both_kinds_on_every_port() -> None:
    assert set(game_routes([0, 0, 1])) == {
        Route(kind, offset) for kind in RelayProtocol for offset in (0, 1)
    }
