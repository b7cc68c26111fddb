"""The bounded send queue of a channel whose peer reads too slowly.  [pure]

A stream's own buffer would keep every old snapshot, and the peer would have to read all of them
before the newest. Here messages wait *as messages*, so a LATEST one is replaced by a newer one of
its lane. A slow peer costs little memory and gets the present state next.
"""

from collections import deque

from net.errors import SendQueueOverflow
from net.transport import RELIABLE_LIMIT_BYTES, RELIABLE_LIMIT_MESSAGES, Delivery


class Outbox:
    """A bounded queue of messages.

    A new LATEST message replaces the one of its lane that waits, at the same position in the
    queue. Otherwise a lane that is refreshed often would always be sent last.

    ``replaced`` counts the messages that were replaced.
    """

    __slots__ = ("_entries", "_newest_of_lane", "_reliable_bytes", "_reliable_messages", "replaced")

    def __init__(self) -> None:
        # A message in a one-element list, and its lane (None: reliable). The list lets a newer
        # message be put into an entry without a search through the queue.
        self._entries: deque[tuple[list[bytes], int | None]] = deque()
        self._newest_of_lane: dict[int, list[bytes]] = {}
        self._reliable_messages = 0
        self._reliable_bytes = 0
        self.replaced = 0

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, message: bytes, delivery: Delivery, lane: int) -> None:
        """Queue a message; a waiting LATEST one of its lane is replaced.

        Raises ``SendQueueOverflow`` if too many reliable messages wait.
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
        """Remove and return the message at the front.

        Raises ``IndexError`` if nothing waits.
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
