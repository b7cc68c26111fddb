"""Tests of packet events: each loss and each copy has its words, with the right figures."""

from dataclasses import replace
from math import inf

import pytest

from game.view.packet_lane.event_words import event_text, waiting_text
from game.view.packet_lane.events import EventKind, LaneEvent, lane_events
from game.view.packet_lane.lane_clip import LaneClip
from game.view.packet_lane.recent_packets import FlowPackets, LanePacket, LanePackets
from game.view.texts import ENGLISH, LANGUAGES, SPANISH
from net.link.packet_log import DropCause
from net.link.tcp_segment import Block, ResendCause
from tests.game.view.packet_lane.lossy_match import flow, packets

DELAY_S = 0.02


def data(
    start: int,
    sent_at: float,
    resend: ResendCause = ResendCause.NONE,
    drop: DropCause = DropCause.NONE,
    readable_at: float = inf,
) -> LanePacket:
    """Return 100 bytes for the player."""
    arrived_at = inf if drop else sent_at + DELAY_S
    readable_at = arrived_at if readable_at == inf else readable_at
    return LanePacket(
        False,
        sent_at,
        arrived_at,
        readable_at,
        drop,
        resend,
        start,
        start + 100,
        (),
        (start,),
        True,
    )


def report(sent_at: float, *sacks: Block) -> LanePacket:
    arrived_at = sent_at + DELAY_S
    none = DropCause.NONE
    return LanePacket(
        True, sent_at, arrived_at, arrived_at, none, ResendCause.NONE, 0, 0, sacks, (), False
    )


def events_of(*sent: LanePacket) -> list[LaneEvent]:
    in_order = sorted(sent, key=lambda packet: packet.sent_at)
    down = [packet for packet in in_order if not packet.is_up]
    up = [packet for packet in in_order if packet.is_up]
    return lane_events(FlowPackets(True, down, up))


def test_one_lost_packet_tells_its_whole_story() -> None:
    lost = data(0, 1.0, drop=DropCause.LOSS)
    behind = [data(100 * n, 1.0 + 0.01 * n, readable_at=1.102) for n in (1, 2, 3)]
    reports = [report(1.03, (100, 200)), report(1.04, (100, 300)), report(1.05, (100, 400))]
    copy = data(0, 1.082, ResendCause.RACK)
    story = events_of(lost, *behind, *reports, copy)
    assert [event.kind for event in story] == [
        EventKind.LOST,
        EventKind.HOLE_REPORTED,
        EventKind.RESENT_RACK,
        EventKind.HOLE_FILLED,
    ]
    # The report arrived at 1.05, the copy left at 1.082.
    assert event_text(story[2], ENGLISH) == "RACK: sent again after 32 ms of doubt"
    assert event_text(story[3], ENGLISH) == "the hole is filled: 4 packets at once"
    assert story[0].at < story[1].at


def test_snapshots_that_leave_together_are_counted() -> None:
    three = replace(data(0, 1.0), ticks=(2, 4, 6))
    (event,) = events_of(three, data(100, 1.1))
    assert event.kind is EventKind.SENT_TOGETHER
    assert event_text(event, ENGLISH) == "3 snapshots leave in one packet"
    # A copy has its own words.
    copy = replace(three, resend=ResendCause.RACK)
    assert [each.kind for each in events_of(copy)] == [EventKind.RESENT_RACK]


def test_words_of_snapshots_that_left_together_end_with_their_packet() -> None:
    three = replace(data(0, 1.0), ticks=(2, 4, 6))
    clip = LaneClip(LanePackets((FlowPackets(True, (three,), ()),)))
    kinds = [[event.kind for event in clip.events(at, 0.1)] for at in (0.99, 1.01, 1.2)]
    assert kinds == [[], [EventKind.SENT_TOGETHER], []]


def test_a_lost_copy_waits_for_the_timer() -> None:
    story = events_of(
        data(0, 1.0, drop=DropCause.LOSS),
        data(0, 1.1, ResendCause.FAST, DropCause.LOSS),
        data(0, 1.35, ResendCause.TIMEOUT),
    )
    texts = [event_text(event, ENGLISH) for event in story]
    assert "this copy was lost too: now the timer, 250 ms" in texts
    assert "the timer ran out after 250 ms: sent again" in texts


@pytest.mark.parametrize(
    ("drop", "kind"),
    [
        (DropCause.LOSS, EventKind.LOST),
        (DropCause.BURST, EventKind.LOST_IN_BURST),
        (DropCause.QUEUE, EventKind.LOST_IN_QUEUE),
    ],
)
def test_a_loss_says_why(drop: DropCause, kind: EventKind) -> None:
    two = (data(0, 1.0, drop=drop), data(100, 1.1, drop=drop))
    assert [event.kind for event in events_of(*two)] == [kind] * 2


def test_a_single_lost_packet_is_no_burst() -> None:
    lost = data(100, 1.1, drop=DropCause.BURST)
    (event,) = events_of(data(0, 1.0), lost, data(200, 1.2))
    assert event.kind is EventKind.LOST


def test_nothing_waits_for_a_lost_datagram() -> None:
    lost = [packet for packet in flow("udp").down if packet.is_lost]
    events = lane_events(flow("udp"))
    assert {event.kind for event in events} == {EventKind.LOST_FOR_GOOD}
    assert sorted(id(event.packet) for event in events) == sorted(map(id, lost))


def test_each_lost_segment_and_each_copy_of_a_match_has_its_event() -> None:
    sent = [each for each in flow("tcp").down if each.has_data]
    events = lane_events(flow("tcp"))
    assert [event.at for event in events] == sorted(event.at for event in events)
    kinds = [event.kind.name for event in events]
    lost = [kind for kind in kinds if "LOST" in kind]
    assert len(lost) == sum(packet.is_lost for packet in sent) > 10
    resent = [kind for kind in kinds if kind.startswith("RESENT")]
    assert len(resent) == sum(packet.resend is not ResendCause.NONE for packet in sent) > 10
    assert "HOLE_FILLED" in kinds
    assert "HOLE_REPORTED" in kinds


def test_words_stay_as_long_to_read_at_each_speed() -> None:
    clip = LaneClip(packets("tcp"))
    event = next(each for each in lane_events(flow("tcp")) if each.kind is EventKind.LOST)

    def is_shown(at: float, speed: float) -> bool:
        return any(each.packet.start == event.packet.start for each in clip.events(at, speed))

    for speed in (1 / 2, 1 / 10, 1 / 50):
        assert is_shown(event.at, speed)
        assert is_shown(event.at + 2.9 * speed, speed)
    assert not is_shown(event.at - 0.001, 1 / 10)


def test_every_kind_has_words_in_both_languages() -> None:
    for texts in LANGUAGES.values():
        words = [event_text(LaneEvent(0.0, kind, data(0, 0.0)), texts) for kind in EventKind]
        assert len(set(words)) == len(EventKind)
        assert all(words)
    assert waiting_text(1, ENGLISH) == "1 packet waits behind it"
    assert waiting_text(3, SPANISH) == "3 paquetes esperan detrás"


def test_words_stay_while_the_sender_waits_for_its_timer() -> None:
    first = data(0, 1.0)
    lost = data(100, 1.03, drop=DropCause.BURST)
    copy = data(100, 1.3, ResendCause.TIMEOUT)
    (wait,) = (e for e in events_of(first, lost, copy) if e.kind is EventKind.TIMER_RUNS)
    # The lost packet breaks half-way; then nothing is under way.
    assert (wait.at, wait.until) == pytest.approx((1.03 + DELAY_S / 2, 1.3))
    assert event_text(wait, ENGLISH) == "the sender waits for its timer: 270 ms"
    clip = LaneClip(LanePackets([FlowPackets(True, [first, lost, copy], [])]))
    shown = {
        at: EventKind.TIMER_RUNS in {event.kind for event in clip.events(at, 0.02)}
        for at in (1.035, 1.05, 1.29, 1.31)
    }
    assert shown == {1.035: False, 1.05: True, 1.29: True, 1.31: False}


def test_a_short_wait_for_a_timer_has_no_words() -> None:
    lost = data(0, 1.0, drop=DropCause.LOSS)
    copy = data(0, 1.05, ResendCause.TIMEOUT)
    assert EventKind.TIMER_RUNS not in {event.kind for event in events_of(lost, copy)}
