"""Detection of spurious recoveries, and the window to restore after one.  [pure]

Either of two proofs is enough:

- an echoed timestamp from before the first retransmission (Eifel, RFC 3522);
- a DSACK for each retransmission (RFC 2883 and 3708).

Linux ``net/ipv4/tcp_input.c``: ``tcp_may_undo``, ``undo_marker`` and ``undo_retrans``.
"""

from net.link.tcp_segment import Block

__all__ = ["Undo"]


class Undo:
    """Values from before one recovery, and the retransmissions that it has made.

    ``window`` is in packets, ``ssthresh`` too.
    """

    __slots__ = ("_first_resend_at", "_from", "_undoubled", "ssthresh", "window")

    def __init__(self) -> None:
        self.window = 0
        self.ssthresh = 0.0
        self._from: int | None = None
        self._undoubled = 0
        self._first_resend_at: float | None = None

    @property
    def is_open(self) -> bool:
        """True if there is a recovery that could be undone."""
        return self._from is not None

    def remember(self, window: int, ssthresh: float) -> None:
        """Keep the values from before the recovery."""
        self.window = window
        self.ssthresh = ssthresh

    def begin(self, una: int, resent_out: int) -> None:
        """Watch a recovery that begins at ``una``, with ``resent_out`` retransmissions out."""
        self._from = una
        # -1 and not 0: without a retransmission, no DSACK proves anything.
        self._undoubled = resent_out or -1

    def close(self) -> None:
        """Stop watching."""
        self._from = None

    def forget_resends(self) -> None:
        """Forget the time of the first retransmission."""
        self._first_resend_at = None

    def note_resend(self, now: float) -> None:
        """Count a retransmission."""
        self._undoubled = max(self._undoubled, 0) + 1
        if self._first_resend_at is None:
            self._first_resend_at = now

    def note_duplicate(self, block: Block) -> None:
        """Apply a DSACK: the receiver got ``block`` twice."""
        if self._from is not None and self._undoubled > 0 and block[1] > self._from:
            self._undoubled -= 1

    def all_duplicates(self) -> bool:
        """Tell whether each retransmission was reported as a duplicate."""
        return self._from is not None and self._undoubled == 0

    def answers_original(self, echo: float) -> bool:
        """Tell by the echoed timestamp whether an acknowledgement answers an original."""
        if self._from is None:
            return False
        return self._first_resend_at is None or echo < self._first_resend_at

    def is_spurious(self, echo: float) -> bool:
        """Tell whether either proof shows that the recovery was spurious."""
        return self.all_duplicates() or self.answers_original(echo)
