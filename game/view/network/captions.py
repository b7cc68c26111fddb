"""Captions that say in half a line what the connection is doing, and what the player pays for it.

A caption reports a lost packet if the emulated link counted one, whatever the transport. Without an
emulated link, a snapshot that never arrived is the only sign of a loss.
"""

from dataclasses import dataclass

from game.client.frame import Frame
from game.client.frame_history import FrameHistory
from game.view import colours
from game.view.texts import Texts
from net.measure.lag_monitor import ArrivalStatus

# Time to read half a line. A more important caption does not wait for it.
HELD_S = 1.75
# A loss freezes the picture when the buffer is empty: after the interpolation delay, or a
# retransmission timeout later.
_LOSS_REMEMBERED_S = 1.5
# An event counts as new for a few frames, however slowly they are drawn.
_NEWS_S = 0.2


@dataclass(frozen=True, slots=True)
class Caption:
    """Caption in half a line and in three words, its colour and rank: higher is more important."""

    text: str
    short: str
    colour: colours.Colour
    rank: int

    @property
    def is_news(self) -> bool:
        """True if it reports an event, not only a property of the transport."""
        return self.rank > 0


class CaptionWriter:
    """Writer of one panel's captions."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._transport = ""
        self._shown: Caption | None = None
        self._shown_until = float("-inf")
        self._next: Caption | None = None

    def caption(
        self, now: float, frame: Frame, history: FrameHistory, has_head_of_line_blocking: bool
    ) -> Caption:
        """Return the caption for ``now``; call it once a frame.

        News stay for ``HELD_S``, unless more important news come, or the freeze that they report
        ends. What comes meanwhile is shown after them. ``has_head_of_line_blocking`` is a property
        of the panel's transport.
        """
        caption = self._present(now, frame, history, has_head_of_line_blocking)
        if frame.transport != self._transport:
            # News of the transport before a switch say nothing about this one.
            self._transport, self._shown, self._next = frame.transport, None, None
        shown = self._shown
        if shown is None or now >= self._shown_until or self._interrupts(caption, shown):
            self._show(now, self._after(shown, caption))
        elif caption == shown:
            # What waited is older than what goes on.
            self._next = None
        elif caption.is_news and (self._next is None or caption.rank >= self._next.rank):
            self._next = caption
        return self._shown or caption

    def _interrupts(self, caption: Caption, shown: Caption) -> bool:
        """Return whether a caption does not wait: more important news, or the end of a freeze."""
        is_end = caption.text == self._texts.burst_after_stall
        return caption.rank > shown.rank or (is_end and shown.text == self._texts.stream_frozen)

    def _after(self, shown: Caption | None, caption: Caption) -> Caption:
        """Return the caption that follows: the present one, or news that had to wait."""
        waiting, self._next = self._next, None
        if waiting is None or waiting == shown or caption.rank >= waiting.rank:
            return caption
        return waiting

    def _show(self, now: float, caption: Caption) -> None:
        self._shown = caption
        self._shown_until = now + HELD_S if caption.is_news else now

    def _present(
        self, now: float, frame: Frame, history: FrameHistory, has_head_of_line_blocking: bool
    ) -> Caption:
        texts = self._texts
        freeze = history.freeze(now)
        lost_ago_s = now - _lost_at(frame, history)
        if freeze is not None and not freeze.is_over:
            is_waiting = has_head_of_line_blocking and lost_ago_s < _LOSS_REMEMBERED_S
            if is_waiting:
                return Caption(texts.stream_frozen, texts.stream_frozen_short, colours.WARM, 3)
            return Caption(texts.no_data, texts.no_data_short, colours.WARM, 3)
        if not has_head_of_line_blocking:
            if lost_ago_s < _NEWS_S:
                return Caption(texts.datagram_loss, texts.datagram_loss_short, colours.WARM, 1)
            text, short = texts.independent_packets, texts.independent_packets_short
            return Caption(text, short, colours.MUTED, 0)
        # What was lost after the end of the freeze did not arrive with all the rest.
        if (
            freeze is not None
            and freeze.ended_ago_s < min(_NEWS_S, lost_ago_s)
            and lost_ago_s < freeze.length_s + _LOSS_REMEMBERED_S
        ):
            text, short = texts.burst_after_stall, texts.burst_after_stall_short
            return Caption(text, short, colours.PURPLE, 1)
        if lost_ago_s < _NEWS_S:
            return Caption(texts.stream_loss, texts.stream_loss_short, colours.WARM, 2)
        return Caption(texts.ordered_stream, texts.ordered_stream_short, colours.MUTED, 0)


def _lost_at(frame: Frame, history: FrameHistory) -> float:
    """Return the time of the last loss: on the emulated link, else of the last lost snapshot."""
    if history.wire_loss.is_known:
        return history.wire_loss.lost_at
    lost = (c.at for c in reversed(frame.network.columns) if c.status is ArrivalStatus.LOST)
    return next(lost, float("-inf"))
