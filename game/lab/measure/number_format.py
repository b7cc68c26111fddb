"""The number formats of results, for the terminal and the report.  [pure]"""

from game.lab.measure.results import Distribution, Estimate

UNKNOWN = "-"


def format_number(value: float | None) -> str:
    """Return a value with two or three significant digits: a measurement is not more exact."""
    if value is None:
        return UNKNOWN
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{round(value, 1 if abs(value) >= 10 else 2):g}"


def format_with_interval(value: float | None, low: float | None, high: float | None) -> str:
    """Return a value with ± half of its 95% interval; ``0 <9`` if no event was seen."""
    if value is None or low is None or high is None:
        return format_number(value)
    if value == 0.0:
        return f"0 <{format_number(high)}" if high else "0"
    return f"{format_number(value)} ±{format_number((high - low) / 2)}"


def format_estimate(estimate: Estimate, factor: float = 1.0) -> str:
    """Return an estimate with its interval, both multiplied by ``factor``."""
    return format_with_interval(*scaled(estimate, factor))


def format_mean(distribution: Distribution) -> str:
    """Return the mean of a distribution with its interval."""
    return format_with_interval(distribution.mean, distribution.mean_low, distribution.mean_high)


def format_percent(part: int, whole: int) -> str:
    """Return a part in percent of the whole, without the sign."""
    return f"{100.0 * part / whole:.1f}" if whole else UNKNOWN


def scaled(estimate: Estimate, factor: float) -> tuple[float | None, float | None, float | None]:
    """Return value, low and high of an estimate, multiplied by ``factor``."""
    values = (estimate.value, estimate.low, estimate.high)
    value, low, high = (None if each is None else each * factor for each in values)
    return value, low, high
