"""From pitch units to pixels: one pitch fitted into one rectangle of the screen.  [pure]"""

from dataclasses import dataclass

from game.match.pitch import PITCH

# Room for a player's name above the upper edge, in pitch units.
_MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """`scale` in pixels a unit; (`centre_x`, `centre_y`) is where the centre spot is, in pixels."""

    scale: float
    centre_x: float
    centre_y: float

    @classmethod
    def fit(cls, left: int, top: int, width: int, height: int) -> "Viewport":
        """Return the largest whole pitch, run-off included, in the middle of a rectangle."""
        scale = min(
            width / (2.0 * (PITCH.outer_half_width + _MARGIN)),
            height / (2.0 * (PITCH.outer_half_height + _MARGIN)),
        )
        return cls(max(scale, 0.01), left + width / 2.0, top + height / 2.0)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a place of the pitch in pixels."""
        return self.centre_x + x * self.scale, self.centre_y + y * self.scale

    def corners(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[int, int, int, int]:
        """Return a rectangle of the pitch as (left, top, width, height) in whole pixels."""
        x, y = self.point(left, top)
        far_x, far_y = self.point(right, bottom)
        return round(x), round(y), round(far_x) - round(x), round(far_y) - round(y)
