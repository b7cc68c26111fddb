"""What waits to be sent to a peer that reads too slowly, as messages and within bounds.  [pure]

A stream's own buffer would keep every old snapshot until it is out of date; here a LATEST message
is replaced by the newest of its lane, so that a slow peer costs little memory and gets the
present. Knows no socket and no wire format.
"""

from collections import deque

from net.errors import SendQueueOverflow
from net.transport import RELIABLE_LIMIT_BYTES, RELIABLE_LIMIT_MESSAGES, Delivery


class Outbox:
    """A bounded queue of messages in which LATEST ones are replaced by newer ones of their lane.

    A replacement takes the place of what it replaces, so that a lane that is refreshed often is
    not pushed back for ever by one that is not.
    """

    __slots__ = ("_entries", "_newest_of_lane", "_reliable_bytes", "_reliable_messages", "replaced")

    def __init__(self) -> None:
        # One-element lists: an entry can be refreshed where it stands in the queue.
        self._entries: deque[tuple[list[bytes], int | None]] = deque()
        self._newest_of_lane: dict[int, list[bytes]] = {}
        self._reliable_messages = 0
        self._reliable_bytes = 0
        self.replaced = 0

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, message: bytes, delivery: Delivery, lane: int) -> None:
        """Queue a message, replacing a waiting LATEST one of the same lane.

        Raises ``SendQueueOverflow`` when more reliable messages wait than may.
        """
        if delivery is Delivery.RELIABLE:
            self._put_reliable(message)
        elif (waiting := self._newest_of_lane.get(lane)) is not None:
            waiting[0] = message
            self.replaced += 1
        else:
            entry = [message]
            self._newest_of_lane[lane] = entry
            self._entries.append((entry, lane))

    def pop(self) -> bytes:
        """Take the message that has waited longest.

        Raises ``IndexError`` when nothing waits.
        """
        entry, lane = self._entries.popleft()
        if lane is None:
            self._reliable_messages -= 1
            self._reliable_bytes -= len(entry[0])
        else:
            del self._newest_of_lane[lane]
        return entry[0]

    def _put_reliable(self, message: bytes) -> None:
        self._reliable_messages += 1
        self._reliable_bytes += len(message)
        if (
            self._reliable_messages > RELIABLE_LIMIT_MESSAGES
            or self._reliable_bytes > RELIABLE_LIMIT_BYTES
        ):
            raise SendQueueOverflow(
                f"{self._reliable_messages} reliable messages ({self._reliable_bytes} bytes) "
                "wait for a peer that does not read"
            )
        self._entries.append(([message], None))
