"""Parameters of the emulated link that have a slider: their ranges and scales.  [pure]"""

from dataclasses import dataclass
from math import log

from net.link.profile import LinkProfile


@dataclass(frozen=True, slots=True)
class LinkParameter:
    """Link parameter with a slider: the ``field`` of ``LinkProfile``, from ``low`` to ``high``.

    Values are rounded to 1 / ``steps_per_unit``. A ``curve`` above 1 gives small values more of the
    slider. With ``is_rate`` the scale is logarithmic, and the end of the slider is "no limit".
    """

    field: str
    low: float
    high: float
    steps_per_unit: int = 1
    curve: float = 1.0
    is_rate: bool = False

    def position(self, profile: LinkProfile) -> float:
        """Return the slider's position, 0 to 1."""
        value = getattr(profile, self.field)
        if self.is_rate:
            if value is None:
                return 1.0
            share = log(max(value, self.low) / self.low) / log(self.high / self.low)
            return float(min(share, 1.0) * _LIMITED)
        share = (value - self.low) / (self.high - self.low)
        return float(min(max(share, 0.0), 1.0) ** (1.0 / self.curve))

    def value(self, position: float) -> float | None:
        """Return the value at a slider's position, 0 to 1. None means no limit."""
        if self.is_rate:
            if position > _LIMITED:
                return None
            rate_bps = self.low * (self.high / self.low) ** (position / _LIMITED)
            # Two digits: a hand on a slider cannot set more.
            return float(f"{rate_bps:.1e}")
        value = self.low + (self.high - self.low) * position**self.curve
        # Divide instead of multiplying by 0.001, so that 5% is exactly 0.05.
        return round(float(value) * self.steps_per_unit) / self.steps_per_unit


# The last twentieth of the slider is "no limit".
_LIMITED = 0.95
# The largest delay is near a satellite's. Beyond these values nobody can play.
LINK_PARAMETERS = (
    LinkParameter("delay_s", 0.0, 0.4, 1000, 2.0),
    LinkParameter("jitter_s", 0.0, 0.1, 1000, 2.0),
    LinkParameter("loss_ratio", 0.0, 0.3, 1000, 2.0),
    LinkParameter("burst", 1.0, 10.0, 2),
    LinkParameter("rate_bps", 32_000.0, 20_000_000.0, is_rate=True),
)
