"""RACK loss detection: a segment is lost if a later one has arrived long enough ago.  [pure]

Time decides, not a count of duplicate ACKs. So RACK finds losses in the thin stream of a game,
where three duplicates take 50 ms and more. It finds lost retransmissions too.
RFC 8985, section 6; Linux ``net/ipv4/tcp_recovery.c``.
"""

from math import inf

__all__ = ["INITIAL_REORDERING", "PERSISTENCE", "Rack"]

# With so many segments SACKed above a hole, no reordering window is needed (RFC 5681's three).
INITIAL_REORDERING = 3

# Linux's ``tcp_max_reordering``.
MAX_REORDERING = 300

# Linux keeps the steps in eight bits (``reo_wnd_steps``).
MAX_WINDOW_STEPS = 255

# Recoveries after which a widened reordering window is reset (RFC 8985, section 6.2, step 4).
PERSISTENCE = 16


class Rack:
    """State of RACK: the newest transmission known to have arrived, and the reordering window.

    ``rtt_s`` is the round trip of the last arrival. ``advanced`` tells whether there is an arrival
    that losses were not yet detected with. ``reordering`` counts segments.
    """

    __slots__ = (
        "advanced",
        "newest_end",
        "newest_sent_at",
        "reordering",
        "reordering_seen",
        "rtt_s",
        "window_persists",
        "window_steps",
    )

    def __init__(self) -> None:
        self.newest_sent_at = -inf
        self.newest_end = 0
        self.rtt_s = 0.0
        self.advanced = False
        self.reordering = INITIAL_REORDERING
        self.reordering_seen = False
        self.window_steps = 1
        self.window_persists = 0

    def note_arrival(
        self, sent_at: float, end: int, resent: bool, now: float, min_rtt_s: float
    ) -> None:
        """Apply the arrival of a segment that was last sent at ``sent_at`` (step 2)."""
        rtt_s = now - sent_at
        # Faster than any round trip: the answer is to the original, whose time is not known.
        if resent and rtt_s < min_rtt_s:
            return
        self.rtt_s = rtt_s
        self.advanced = True
        if self.sent_before_newest(sent_at, end):
            return
        self.newest_sent_at = sent_at
        self.newest_end = end

    def sent_before_newest(self, sent_at: float, end: int) -> bool:
        """Tell whether a transmission left before the newest that arrived.

        Several segments may leave at the same time. Then their place in the stream decides.
        """
        if sent_at != self.newest_sent_at:
            return sent_at < self.newest_sent_at
        return end < self.newest_end

    def reordering_window_s(
        self, recovering: bool, sacked_out: int, min_rtt_s: float, srtt_s: float
    ) -> float:
        """Return how many seconds after a later segment a segment may still arrive (step 4).

        Zero in a recovery or with three segments SACKed, as long as no reordering was ever seen.
        """
        if not self.reordering_seen and (recovering or sacked_out >= self.reordering):
            return 0.0
        return min(min_rtt_s / 4 * self.window_steps, srtt_s)

    def note_reordering(self, distance_bytes: int, mss_bytes: int) -> None:
        """Remember that an original arrived ``distance_bytes`` behind one that was sent later."""
        self.reordering_seen = True
        self.reordering = min(max(self.reordering, -(-distance_bytes // mss_bytes)), MAX_REORDERING)

    def widen(self) -> None:
        """Widen the window, because a retransmission turned out to be spurious (DSACK)."""
        self.window_steps = min(self.window_steps + 1, MAX_WINDOW_STEPS)
        self.window_persists = PERSISTENCE

    def note_recovery(self) -> None:
        """Count a recovery that ended without undo; reset the window after ``PERSISTENCE``."""
        if self.window_persists:
            self.window_persists -= 1
            if not self.window_persists:
                self.window_steps = 1
