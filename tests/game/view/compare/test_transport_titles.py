"""Tests of the compared players' names: the present transport, in every panel."""

from dataclasses import replace

from game.client.frame import Frame
from game.protocol.messages import Goal, Roster
from game.view.compare.transport_titles import TransportTitles
from tests.game.view.local_source import LocalSource


def frame_of(source: LocalSource, own_id: int, transport: str, *events: Goal | Roster) -> Frame:
    """Return a frame whose own player has this id."""
    frame = source.frame(0.0)
    return replace(frame, own_id=own_id, transport=transport, events=events)


def names(frame: Frame) -> list[str]:
    assert frame.scene is not None
    return [player.name for player in frame.scene.players]


def test_each_panels_player_has_its_title_in_all_panels(source: LocalSource) -> None:
    titles = TransportTitles()
    before = names(source.frame(0.0))
    titles.renamed("tcp", frame_of(source, 0, "tcp"))
    both = titles.renamed("websocket", frame_of(source, 1, "websocket"))
    assert names(both) == ["TCP", "WebSocket", *before[2:]]


def test_after_a_switch_the_old_name_is_seen_nowhere(source: LocalSource) -> None:
    titles = TransportTitles()
    titles.renamed("tcp", frame_of(source, 0, "tcp"))
    roster = source.roster()
    goal = Goal(1, roster.entries[0].team, 0, False, (1, 0))
    switched = titles.renamed("tcp", frame_of(source, 0, "udp", roster, goal))
    assert names(switched)[0] == "UDP"
    roster_event, unchanged = switched.events
    assert isinstance(roster_event, Roster)
    assert [entry.name for entry in roster_event.entries] == names(switched)
    assert unchanged == goal


def test_a_player_who_joined_afresh_leaves_the_old_number_to_others(source: LocalSource) -> None:
    titles = TransportTitles()
    before = names(source.frame(0.0))
    titles.renamed("tcp", frame_of(source, 0, "tcp"))
    assert names(titles.renamed("tcp", frame_of(source, 1, "tcp")))[:2] == [before[0], "TCP"]


def test_before_the_match_is_seen_there_is_nobody_to_name(source: LocalSource) -> None:
    nothing = replace(source.frame(0.0), scene=None, own_id=None)
    assert TransportTitles().renamed("tcp", nothing) == nothing
