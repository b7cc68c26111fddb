"""Numbered events that survive the loss of a channel: none lost, none doubled.  [pure]

A reliable message that was not yet acknowledged dies with its channel. What must survive a change
of transport is therefore numbered per player and kept for a while: whoever resumes names the last
number it has, the other end repeats what follows. Knows no channel and no event's meaning.
"""

from collections import deque

from net.session.messages import UNNUMBERED, SessionEvent

# At the pace of a football match (a kick a second, say) four minutes, far longer than a place is
# kept; each is a few dozen bytes.
MAX_KEPT_EVENTS = 256


class EventLog:
    """The sender's side: numbers events from 1 and keeps the latest."""

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
        """Return the events that follow ``number``; None if some of them are kept no longer.

        None is also the answer to a number that was never given out: its owner talks of another
        log, and must be told the whole state afresh.
        """
        oldest_needed = number + 1
        oldest_kept = self._kept[0].number if self._kept else self.last_number + 1
        if number > self.last_number or oldest_needed < oldest_kept:
            return None
        return [event for event in self._kept if event.number >= oldest_needed]


class EventReceiver:
    """The receiver's side: lets each event through once."""

    def __init__(self) -> None:
        self.last_number = 0
        self.duplicates = 0

    def accept(self, event: SessionEvent) -> bool:
        """Say whether the event is new; a repeated one is counted and must be dropped.

        One without a number is always new: nobody repeats it.
        """
        if event.number == UNNUMBERED:
            return True
        if event.number <= self.last_number:
            self.duplicates += 1
            return False
        self.last_number = event.number
        return True

    def reset(self, number: int) -> None:
        """Start afresh: the state just received contains the events up to ``number``."""
        self.last_number = number
