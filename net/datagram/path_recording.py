"""Probes: numbered, stamped datagrams both ways, from which a client records the path.  [pure]

The layouts are in ``net/datagram/wire_format.py``. The server sends probes at the rate that the
client chose, and stores when the client's probes arrived. At the end the client asks for that
list, part by part, and again for each part that was lost.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from net.datagram.wire_format import (
    DATAGRAM_LIMIT_BYTES,
    PROBE_DOWN,
    PROBE_LAYOUT,
    PROBE_RECEIPT,
    PROBE_RECEIPTS,
    PROBE_RECEIPTS_HEADER,
    PROBE_RECEIPTS_REQUEST,
    PROBE_RECEIPTS_REQUEST_LAYOUT,
    PROBE_START,
    PROBE_START_LAYOUT,
    PROBE_STATUS,
    PROBE_STATUS_LAYOUT,
    PROBE_UP,
)
from net.measure.statistics import Quantiles

__all__ = [
    "RECEIPTS_PER_DATAGRAM",
    "ProbeAllowance",
    "ProbeResponder",
    "ProbeSettings",
    "ProbeStatus",
    "Receipt",
    "probe_datagram",
]

RATE_MAX_HZ = 1000
SECONDS_MAX = 900
SIZE_MIN_BYTES = PROBE_LAYOUT.size
PROBES_MAX = 200_000
RECEIPTS_PER_DATAGRAM = (DATAGRAM_LIMIT_BYTES - PROBE_RECEIPTS_HEADER.size) // PROBE_RECEIPT.size

# One class records from a few computers at once; more would fill the network that they measure.
RECORDINGS_AT_ONCE = 4


class ProbeStatus(IntEnum):
    """The server's answer to a request for probes."""

    STARTED = 0
    NOT_ALLOWED = 1
    BUSY = 2
    OUT_OF_RANGE = 3


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """Rate, size and time of the probes of each direction."""

    rate_hz: int
    size_bytes: int
    seconds: int

    @property
    def is_in_range(self) -> bool:
        """True if a server may send that much."""
        return (
            1 <= self.rate_hz <= RATE_MAX_HZ
            and SIZE_MIN_BYTES <= self.size_bytes <= DATAGRAM_LIMIT_BYTES
            and 1 <= self.seconds <= SECONDS_MAX
            and self.rate_hz * self.seconds <= PROBES_MAX
        )


class Receipt(NamedTuple):
    """The arrival of a probe at the server, by the server's clock."""

    number: int
    received_at: float


@dataclass(slots=True)
class ProbeAllowance:
    """Counter of the recordings that run on one server, up to ``limit`` at once."""

    limit: int = RECORDINGS_AT_ONCE
    running: int = 0

    def take(self) -> bool:
        """Count one more recording; return False at the limit."""
        if self.running >= self.limit:
            return False
        self.running += 1
        return True

    def give_back(self) -> None:
        """Count one recording less."""
        self.running -= 1


@dataclass(slots=True)
class ProbeResponder:
    """The server's end of one recording; the client of ``connection_id`` may ask for it.

    ``answer`` handles a datagram of the client. ``due`` returns the probes to send, and ``next_at``
    is the time of the next one, None if there is none. ``end`` gives the allowance back.
    """

    connection_id: bytes
    allowance: ProbeAllowance
    next_at: float | None = None
    _settings: ProbeSettings | None = None
    _began_at: float = 0.0
    _sent: int = 0
    _lateness_s: list[float] = field(default_factory=list)
    _receipts: list[Receipt] = field(default_factory=list)

    def answer(self, datagram: bytes, now: float) -> bytes | None:
        """Return the answer to a datagram of the client, None for no answer.

        Returns None for a datagram of the wrong size.
        """
        kind, size = datagram[0], len(datagram)
        if kind == PROBE_START and size == PROBE_START_LAYOUT.size:
            status = self._start(ProbeSettings(*PROBE_START_LAYOUT.unpack(datagram)[2:]), now)
            return PROBE_STATUS_LAYOUT.pack(PROBE_STATUS, self.connection_id, status)
        if kind == PROBE_UP and size >= PROBE_LAYOUT.size:
            self._store(PROBE_LAYOUT.unpack_from(datagram)[2], now)
        elif kind == PROBE_RECEIPTS_REQUEST and size == PROBE_RECEIPTS_REQUEST_LAYOUT.size:
            self._stop()
            return self._receipts_from(PROBE_RECEIPTS_REQUEST_LAYOUT.unpack(datagram)[2])
        return None

    def due(self, now: float) -> list[bytes]:
        """Return the probes that are due. What was missed in a pause is not made up for."""
        settings = self._settings
        if settings is None or self.next_at is None or now < self.next_at:
            return []
        self._lateness_s.append(now - self.next_at)
        probe = probe_datagram(PROBE_DOWN, self.connection_id, self._sent, now, settings)
        self._sent += 1
        self.next_at = max(self.next_at + 1 / settings.rate_hz, now)
        if self.next_at >= self._began_at + settings.seconds:
            self._stop()
        return [probe]

    def end(self) -> None:
        """End the recording of a client that has gone."""
        self._stop()

    def _start(self, settings: ProbeSettings, now: float) -> ProbeStatus:
        if not settings.is_in_range:
            return ProbeStatus.OUT_OF_RANGE
        # A repeated request: the answer to the first was lost.
        if self.next_at is None:
            if not self.allowance.take():
                return ProbeStatus.BUSY
            self._settings, self._began_at, self.next_at = settings, now, now
            self._sent = 0
            self._lateness_s.clear()
            self._receipts.clear()
        return ProbeStatus.STARTED

    def _stop(self) -> None:
        if self.next_at is not None:
            self.next_at = None
            self.allowance.give_back()

    def _store(self, number: int, now: float) -> None:
        settings = self._settings
        # Twice what was announced: probes may be doubled on the way.
        if settings and len(self._receipts) < 2 * settings.rate_hz * settings.seconds:
            self._receipts.append(Receipt(number, now))

    def _receipts_from(self, first: int) -> bytes:
        late_s = Quantiles.of(self._lateness_s).p99 if self._lateness_s else 0.0
        header = PROBE_RECEIPTS_HEADER.pack(
            PROBE_RECEIPTS, self.connection_id, len(self._receipts), first, self._sent, late_s
        )
        part = self._receipts[first : first + RECEIPTS_PER_DATAGRAM]
        return header + b"".join(PROBE_RECEIPT.pack(*receipt) for receipt in part)


def probe_datagram(
    kind: int, connection_id: bytes, number: int, now: float, settings: ProbeSettings
) -> bytes:
    """Return a probe; zeros fill it up to the chosen size."""
    return PROBE_LAYOUT.pack(kind, connection_id, number, now).ljust(settings.size_bytes, b"\0")
