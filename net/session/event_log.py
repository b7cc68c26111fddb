"""Numbered events that survive a lost channel: none is lost, none is delivered twice.  [pure]

A reliable message that is not yet acknowledged is lost with its channel. Events therefore carry a
number per peer, and the sender keeps the latest. A peer that resumes names the last number it
received, and the sender repeats the events after it.
"""

from collections import deque

from net.session.messages import UNNUMBERED, SessionEvent

__all__ = ["MAX_KEPT_EVENTS", "EventLog", "EventReceiver"]

# At one event a second this is four minutes, far longer than a slot stays reserved. An event is a
# few dozen bytes.
MAX_KEPT_EVENTS = 256


class EventLog:
    """Sender side: numbers events from 1 and keeps the latest ``MAX_KEPT_EVENTS``."""

    def __init__(self) -> None:
        self._kept: deque[SessionEvent] = deque(maxlen=MAX_KEPT_EVENTS)
        self.last_number = 0

    def append(self, body: bytes) -> SessionEvent:
        """Number an event and keep it."""
        self.last_number += 1
        event = SessionEvent(self.last_number, body)
        self._kept.append(event)
        return event

    def since(self, number: int) -> list[SessionEvent] | None:
        """Return the events after ``number``; None if some of them are no longer kept.

        None is also the result for a number that was never assigned. Such a peer has another log
        and needs the whole state.
        """
        oldest_needed = number + 1
        oldest_kept = self._kept[0].number if self._kept else self.last_number + 1
        if number > self.last_number or oldest_needed < oldest_kept:
            return None
        return [event for event in self._kept if event.number >= oldest_needed]


class EventReceiver:
    """Receiver side: accepts each event once and drops repetitions."""

    def __init__(self) -> None:
        self.last_number = 0

    def accept(self, event: SessionEvent) -> bool:
        """Return whether the event is new; the caller drops one that is not.

        An unnumbered event is always new, because the sender never repeats it.
        """
        if event.number == UNNUMBERED:
            return True
        # Events arrive in order within a channel. A number that is not higher is a repetition
        # after a resume.
        if event.number <= self.last_number:
            return False
        self.last_number = event.number
        return True

    def reset(self, number: int) -> None:
        """Continue after ``number``: the state just received contains the events up to it."""
        self.last_number = number
