"""Numbered events: none lost, none doubled, whatever the channels do."""

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


def test_a_log_that_forgot_what_is_asked_for_says_so():
    log = EventLog()
    for _ in range(MAX_KEPT_EVENTS + 10):
        log.append(b"")
    assert log.since(9) is None
    assert len(log.since(10)) == MAX_KEPT_EVENTS


def test_a_number_that_was_never_given_out_belongs_to_another_log():
    log = EventLog()
    log.append(b"")
    assert log.since(2) is None
    assert EventLog().since(0) == []


def test_an_event_without_a_number_is_always_new():
    inbox = EventReceiver()
    assert inbox.accept(SessionEvent(5, b""))
    assert inbox.accept(SessionEvent(UNNUMBERED, b""))
    assert inbox.accept(SessionEvent(UNNUMBERED, b""))
    assert not inbox.accept(SessionEvent(5, b""))


@given(st.lists(st.integers(0, 3), max_size=60))
def test_each_event_comes_once_and_in_order_over_channels_that_die(losses):
    """Each step appends an event, and a channel dies after losing its last few."""
    log, inbox = EventLog(), EventReceiver()
    heard = []

    def hear(events):
        heard.extend(event.body for event in events if inbox.accept(event))

    for step, lost in enumerate(losses):
        log.append(step.to_bytes(2, "big"))
        waiting = log.since(inbox.last_number)
        hear(waiting[: len(waiting) - lost] if lost else waiting)
        # The next channel repeats a little too much.
        hear(log.since(max(0, inbox.last_number - 2)))
    assert heard == [step.to_bytes(2, "big") for step in range(len(losses))]
