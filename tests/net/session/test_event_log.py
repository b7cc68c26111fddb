"""Numbered events: each is delivered once, whatever the channels lose."""

from hypothesis import given
from hypothesis import strategies as st

from net.session.event_log import MAX_KEPT_EVENTS, EventLog, EventReceiver
from net.session.messages import UNNUMBERED, SessionEvent


def test_events_are_numbered_from_one_and_repeated_after_a_number():
    log = EventLog()
    events = [log.append(bytes([n])) for n in range(5)]
    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert log.since(3) == events[3:]
    assert log.since(5) == []


def test_events_that_are_no_longer_kept_cannot_be_repeated():
    log = EventLog()
    for _ in range(MAX_KEPT_EVENTS + 10):
        log.append(b"")
    assert log.since(9) is None
    assert len(log.since(10)) == MAX_KEPT_EVENTS


def test_a_number_that_was_never_assigned_belongs_to_another_log():
    log = EventLog()
    log.append(b"")
    assert log.since(2) is None
    assert EventLog().since(0) == []


def test_an_unnumbered_event_is_always_new():
    receiver = EventReceiver()
    assert receiver.accept(SessionEvent(5, b""))
    assert receiver.accept(SessionEvent(UNNUMBERED, b""))
    assert receiver.accept(SessionEvent(UNNUMBERED, b""))
    assert not receiver.accept(SessionEvent(5, b""))


@given(st.lists(st.integers(0, 3), max_size=60))
def test_each_event_is_delivered_once_and_in_order_over_lost_channels(losses):
    """Each step appends an event; then a channel is lost with its last few events."""
    log, receiver = EventLog(), EventReceiver()
    delivered = []

    def deliver(events):
        delivered.extend(event.body for event in events if receiver.accept(event))

    for step, lost in enumerate(losses):
        log.append(step.to_bytes(2, "big"))
        pending = log.since(receiver.last_number)
        deliver(pending[: len(pending) - lost] if lost else pending)
        # The next channel repeats two events that were already delivered.
        deliver(log.since(max(0, receiver.last_number - 2)))
    assert delivered == [step.to_bytes(2, "big") for step in range(len(losses))]
