"""A recorded link on the terminal: a table of both directions, and their course in time."""

from math import isnan

from rich import box
from rich.table import Table

from game.cli.errors import CliError
from game.cli.language import say
from game.cli.options.recording_file import read_recording
from game.cli.terminal.live_table import BARS
from game.cli.terminal.tables import plain_console, print_table
from net.link.recording import LinkRecording, RecordedDirection, RecordingError
from net.link.summary import CoursePoint, DirectionSummary, course, summary_of

__all__ = ["describe_recording", "sparkline"]

# A minute has a character for each second.
_PARTS = 60
# A part that lost more of its probes than this is shown as a hole.
_HOLE_RATIO = 0.5
_HOLE = "x"
_NO_DELAY = " "


def describe_recording(file: str) -> None:
    """Print what a recorded link did. Raises ``CliError`` if the file has none."""
    try:
        recording = read_recording(file)
    except RecordingError as error:
        raise CliError(f"{file}: {error}") from error
    title = f"{recording.name}: {recording.duration_s:.1f} s, {recording.recorded_at}"
    directions = (("up", recording.up), ("down", recording.down))
    print_table(_table(title, recording, directions))
    console = plain_console()
    for name, direction in directions:
        points = course(recording, direction, _PARTS)
        low, high, unit = _scale(points)
        line = f"{say(name):>6} |{sparkline(points)}| {say(f'{low:.1f} to {high:.1f} {unit}')}"
        console.print(line, soft_wrap=True, highlight=False)
    print(say("x: more than half was lost"))
    print(say(recording.method))
    if recording.clock is not None:
        clock = recording.clock
        text = (
            f"clocks known to {clock.offset_error_s * 1000:.3f} ms, if both directions have the "
            f"same least delay; at worst {clock.asymmetry_max_s * 1000:.1f} ms"
        )
        print(say(text))
    if recording.load is not None:
        load = recording.load
        text = (
            f"99% of the probes left within {load.client_late_s * 1000:.1f} ms (here) and "
            f"{load.server_late_s * 1000:.1f} ms (server) of their time"
        )
        print(say(text))
    print(say(recording.knows))


def sparkline(points: list[CoursePoint]) -> str:
    """Return one character a part: higher for more delay, or for more rate without delays."""
    values = [_value(point) for point in points]
    known = [value for value in values if not isnan(value)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    span = high - low or 1.0
    characters = []
    for point, value in zip(points, values, strict=True):
        if point.loss_ratio > _HOLE_RATIO:
            characters.append(_HOLE)
        elif isnan(value):
            characters.append(_NO_DELAY)
        else:
            characters.append(BARS[round((value - low) / span * (len(BARS) - 1))])
    return "".join(characters)


def _value(point: CoursePoint) -> float:
    return point.rate_bps if isnan(point.delay_s) else point.delay_s


def _scale(points: list[CoursePoint]) -> tuple[float, float, str]:
    """Return what the lowest and the highest character stand for."""
    delays_ms = [point.delay_s * 1000 for point in points if not isnan(point.delay_s)]
    if delays_ms:
        return min(delays_ms), max(delays_ms), "ms"
    rates = [point.rate_bps / 1e6 for point in points if not isnan(point.rate_bps)]
    return min(rates), max(rates), "Mbit/s"


def _table(
    title: str, recording: LinkRecording, directions: tuple[tuple[str, RecordedDirection], ...]
) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD)
    table.add_column("direction")
    for heading in (
        *("probes", "lost", "mean run", "longest hole", "doubled", "reordered"),
        *("least delay", "median", "p95", "p99", "max", "jitter"),
    ):
        table.add_column(heading, justify="right")
    has_rate = bool(recording.up.rate_bps or recording.down.rate_bps)
    if has_rate:
        table.add_column("mean rate", justify="right")
    for name, direction in directions:
        summary = summary_of(direction, recording.duration_s)
        rate = f"{(summary.mean_rate_bps or 0.0) / 1e6:.2f} Mbit/s"
        table.add_row(name, *_cells(summary), *([rate] if has_rate else []))
    return table


def _cells(summary: DirectionSummary) -> list[str]:
    if not summary.probes:
        return ["0"] + [""] * 11
    delay = summary.delay_s
    return [
        str(summary.probes),
        f"{summary.loss_ratio * 100:.2f}%",
        f"{summary.mean_run_probes:.1f}" if summary.lost else "",
        f"{summary.longest_hole_s * 1000:.0f} ms" if summary.lost else "",
        str(summary.duplicated),
        str(summary.reordered),
        *(
            f"{delay_s * 1000:.1f} ms"
            for delay_s in (
                *(summary.least_delay_s, delay.p50, delay.p95, delay.p99, delay.max),
                summary.jitter_s,
            )
        ),
    ]
