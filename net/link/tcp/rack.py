"""RACK: lost is what was sent well before something that arrived (RFC 8985, section 6).  [pure]

Time, not a count of duplicate ACKs, tells what is lost; that finds losses in the thin stream of a
game, and lost retransmissions too. Does not know the scoreboard: it judges one segment at a time.
"""

from math import inf

# Segments SACKed above a hole that are evidence enough in themselves (RFC 5681's three).
INITIAL_REORDERING = 3

# Linux's `tcp_max_reordering`.
MAX_REORDERING = 300

MAX_WINDOW_STEPS = 255

# Recoveries after which a widened reordering window is forgotten (RFC 8985, section 6.2).
PERSISTENCE = 16


class Rack:
    """Remember the newest transmission known to have arrived; `rtt_s` is its round trip."""

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
        """Learn that the transmission of `sent_at` arrived (step 2).

        Sooner after a retransmission than any round trip was, it is the original that arrived.
        """
        rtt_s = now - sent_at
        if resent and rtt_s < min_rtt_s:
            return
        self.rtt_s = rtt_s
        self.advanced = True
        if self.sent_before_newest(sent_at, end):
            return
        self.newest_sent_at = sent_at
        self.newest_end = end

    def sent_before_newest(self, sent_at: float, end: int) -> bool:
        """Tell whether a transmission went out before the newest that arrived."""
        if sent_at != self.newest_sent_at:
            return sent_at < self.newest_sent_at
        return end < self.newest_end

    def reordering_window_s(
        self, recovering: bool, sacked_out: int, min_rtt_s: float, srtt_s: float
    ) -> float:
        """Return how much later than its successor a segment may arrive and not be lost (step 4).

        Nothing while recovering or with three SACKed, as long as no reordering was ever seen.
        """
        if not self.reordering_seen and (recovering or sacked_out >= self.reordering):
            return 0.0
        return min(min_rtt_s / 4 * self.window_steps, srtt_s)

    def note_reordering(self, distance_bytes: int, mss_bytes: int) -> None:
        """Remember that an original arrived `distance_bytes` below one that was sent later."""
        self.reordering_seen = True
        self.reordering = min(max(self.reordering, -(-distance_bytes // mss_bytes)), MAX_REORDERING)

    def widen(self) -> None:
        """Allow more reordering: a retransmission turned out to be needless (DSACK)."""
        self.window_steps = min(self.window_steps + 1, MAX_WINDOW_STEPS)
        self.window_persists = PERSISTENCE

    def note_recovery(self) -> None:
        """Count a recovery that ended without undo towards forgetting the widened window."""
        if self.window_persists:
            self.window_persists -= 1
            if not self.window_persists:
                self.window_steps = 1
