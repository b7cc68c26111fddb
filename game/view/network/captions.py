"""Captions that explain in half a line what the connection is doing.

A caption reports a lost packet only if the emulated link counted one.
"""

from dataclasses import dataclass

from game.client.frame import Frame
from game.client.frame_history import FrameHistory
from game.view import colours
from game.view.texts import Texts
from net.link.stats import ConnectionStats
from net.measure.lag_monitor import ArrivalStatus

# A loss becomes visible only when the buffer is empty, or when the retransmission arrives.
_LOSS_REMEMBERED_S = 1.5
# Long enough to read.
_LOST_ONE_SHOWN_S = 0.8


@dataclass(frozen=True, slots=True)
class Caption:
    """Half a line of text and its colour."""

    text: str
    colour: colours.Colour


class CaptionWriter:
    """Writer of one panel's captions."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._lost = 0
        self._lost_at = float("-inf")

    def caption(
        self,
        now: float,
        frame: Frame,
        history: FrameHistory,
        link: ConnectionStats | None,
        has_head_of_line_blocking: bool,
    ) -> Caption:
        """Return the caption for ``now``.

        ``has_head_of_line_blocking`` is a property of the panel's transport.
        """
        texts = self._texts
        self._note_losses(now, link)
        freeze = history.freeze(now)
        if has_head_of_line_blocking and freeze is not None:
            if freeze.is_over:
                return Caption(texts.burst_after_stall, colours.PURPLE)
            if now - self._lost_at < _LOSS_REMEMBERED_S:
                return Caption(texts.has_head_of_line_blocking, colours.WARM)
        if freeze is not None and not freeze.is_over:
            return Caption(texts.no_data, colours.WARM)
        if not has_head_of_line_blocking and _has_just_lost(frame, now):
            return Caption(texts.loss_without_stall, colours.WARM)
        return Caption(
            texts.ordered_stream if has_head_of_line_blocking else texts.independent_packets,
            colours.MUTED,
        )

    def _note_losses(self, now: float, link: ConnectionStats | None) -> None:
        if link is None:
            return
        lost = link.down.lost + link.down.queue_dropped
        if lost > self._lost:
            self._lost_at = now
        # The counter of a new channel starts at zero again.
        self._lost = lost


def _has_just_lost(frame: Frame, now: float) -> bool:
    for column in reversed(frame.network.columns):
        if column.at < now - _LOST_ONE_SHOWN_S:
            return False
        if column.status is ArrivalStatus.LOST:
            return True
    return False
