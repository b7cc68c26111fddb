"""Finding out that a recovery was needless, and what it took from the window then.  [pure]

Two witnesses: a timestamp echoed from before the first retransmission (Eifel, RFC 3522), and a
duplicate reported for every retransmission (DSACK, RFC 2883 and 3708).
"""

from net.link.tcp.packet import Block


class Undo:
    """What one recovery changed and what it sent again, until its need is proven or disproven."""

    __slots__ = ("_first_resend_at", "_from", "_unanswered", "ssthresh", "window")

    def __init__(self) -> None:
        self.window = 0
        self.ssthresh = 0.0
        self._from: int | None = None
        self._unanswered = 0
        self._first_resend_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether there is a recovery that could be undone."""
        return self._from is not None

    def remember(self, window: int, ssthresh: float) -> None:
        """Keep what the window was before the recovery."""
        self.window = window
        self.ssthresh = ssthresh

    def begin(self, una: int, resent_out: int) -> None:
        """Watch from here; what was resent before and is still out may be reported too."""
        self._from = una
        # -1 and not 0: with nothing resent, nothing is proven.
        self._unanswered = resent_out or -1

    def close(self) -> None:
        """Stop watching."""
        self._from = None

    def forget_resends(self) -> None:
        """Note that nothing resent is in doubt any more."""
        self._first_resend_at = None

    def note_resend(self, now: float) -> None:
        """Note one retransmission."""
        self._unanswered = max(self._unanswered, 0) + 1
        if self._first_resend_at is None:
            self._first_resend_at = now

    def note_duplicate(self, block: Block) -> None:
        """Note that the receiver got `block` twice."""
        if self._from is not None and self._unanswered > 0 and block[1] > self._from:
            self._unanswered -= 1

    def all_duplicates(self) -> bool:
        """Tell whether every retransmission was reported as a duplicate."""
        return self._from is not None and self._unanswered == 0

    def answers_original(self, echo: float) -> bool:
        """Tell by its echoed timestamp whether an acknowledgement answers the original."""
        if self._from is None:
            return False
        return self._first_resend_at is None or echo < self._first_resend_at

    def is_spurious(self, echo: float) -> bool:
        """Tell whether either witness says that the recovery was needless."""
        return self.all_duplicates() or self.answers_original(echo)
