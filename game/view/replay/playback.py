"""Playback of a clip: position, speed, pause and steps.  [pure]"""

from game.view.replay.recent_frames import Clip

SPEEDS = (1 / 2, 1 / 5, 1 / 10, 1 / 20, 1 / 50)
USUAL_SPEED = 1 / 10
# After a pause of the computer, the playback skips nothing that it was about to show.
_LONGEST_FRAME_S = 0.1


class Playback:
    """Position in ``clip``, which plays from ``begin_s`` to ``end_s`` and pauses there.

    ``at`` is the time that is shown. ``speed`` is the ratio of shown to real time.
    """

    def __init__(self, clip: Clip, begin_s: float, end_s: float, speed: float) -> None:
        self.clip = clip
        self.begin_s = min(max(begin_s, clip.begin_s), clip.end_s)
        self.end_s = min(max(end_s, self.begin_s), clip.end_s)
        self.at = self.begin_s
        self.speed = speed
        self.is_paused = False
        self.is_over = False
        self._advanced_at: float | None = None

    def advance(self, now: float) -> None:
        """Move on by the real time since the last call."""
        before, self._advanced_at = self._advanced_at, now
        if before is None or self.is_paused:
            return
        # Behind ``end_s``, where the user went on, the clip plays to its own end.
        stop_s = self.clip.end_s if self.at >= self.end_s else self.end_s
        self.at = min(self.at + min(now - before, _LONGEST_FRAME_S) * self.speed, stop_s)
        if self.at >= stop_s:
            self.is_paused = self.is_over = True

    def toggle_pause(self) -> None:
        """Pause, or play on; at the end, play again from ``begin_s``."""
        if self.is_paused and self.is_over and self.at >= self.end_s:
            self.at, self.is_over = self.begin_s, False
        self.is_paused = not self.is_paused

    def restart(self) -> None:
        """Play from ``begin_s``."""
        self.at = self.begin_s
        self.is_paused = self.is_over = False

    def step(self, frames: int) -> None:
        """Pause, and move by a number of frames of the clip; negative is back."""
        moments = self.clip.moments
        index = min(max(self.clip.index_at(self.at) + frames, 0), len(moments) - 1)
        self.at, self.is_paused = moments[index].at, True

    def seek(self, at: float) -> None:
        """Pause, and show the time ``at``."""
        self.at, self.is_paused = min(max(at, self.clip.begin_s), self.clip.end_s), True

    def change_speed(self, steps: int) -> None:
        """Choose a speed further down in ``SPEEDS``, or with negative ``steps`` further up."""
        nearest = min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - self.speed))
        self.speed = SPEEDS[min(max(nearest + steps, 0), len(SPEEDS) - 1)]
