"""Mapping from pitch units to pixels.  [pure]"""

from dataclasses import dataclass

from game.match.pitch import Pitch

# Space for a player's name above the upper edge, in pitch units.
_MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """Mapping of one pitch into one rectangle.

    ``scale`` is in pixels per unit; (``centre_x``, ``centre_y``) is the centre spot in pixels.
    """

    scale: float
    centre_x: float
    centre_y: float

    @classmethod
    def fit(cls, pitch: Pitch, left: int, top: int, width: int, height: int) -> "Viewport":
        """Return the largest mapping that shows the whole pitch, centred in a rectangle.

        The whole pitch includes its run-off.
        """
        scale = min(
            width / (2.0 * (pitch.outer_half_width + _MARGIN)),
            height / (2.0 * (pitch.outer_half_height + _MARGIN)),
        )
        return cls(max(scale, 0.01), left + width / 2.0, top + height / 2.0)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the pitch in pixels."""
        return self.centre_x + x * self.scale, self.centre_y + y * self.scale

    def corners(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[int, int, int, int]:
        """Return a rectangle of the pitch as (left, top, width, height) in whole pixels."""
        x, y = self.point(left, top)
        far_x, far_y = self.point(right, bottom)
        return round(x), round(y), round(far_x) - round(x), round(far_y) - round(y)
