"""The writer of reports: it reads measurement folders and writes a page, and PNG pictures."""

from collections.abc import Sequence
from pathlib import Path

from game.lab.measure.results import ResultsError
from game.lab.measure.results_folder import resolved_folder
from game.lab.report.page import named_plots, page
from game.lab.report.png_plots import draw_png
from game.lab.report.sections import build_sections
from game.lab.report.texts import ReportTexts
from game.lab.report.trace_files import read_measurement
from game.runtime.atomic_file import write_atomic


def write_report(
    folders: Sequence[Path], out: Path, texts: ReportTexts, has_png: bool = False
) -> list[Path]:
    """Write the report of one measurement, or of several compared; return the files written.

    With ``has_png`` each plot is also written as a picture beside the page.
    Raises ``ResultsError`` if a folder has no valid measurement, ``OSError`` if a file cannot be
    read or written, ``ImportError`` if pictures are wanted and matplotlib is missing.
    """
    labels = labels_of(folders)
    measurements = [
        read_measurement(folder, label) for folder, label in zip(folders, labels, strict=True)
    ]
    sections = build_sections(measurements, texts.link_words)
    if not sections:
        raise ResultsError(f"{folders[0]}: has no runs")
    plots = named_plots(sections, texts)
    text = page(measurements, sections, plots, texts, plotly_script())
    try:
        write_atomic(out, text.encode())
    except OSError as error:
        # The error names the page, and not the temporary file that is written first.
        raise OSError(error.errno, error.strerror, str(out)) from error
    files = [out]
    if has_png:
        for kind, of_kind in plots.items():
            for number, plot in enumerate(of_kind, start=1):
                files.append(out.with_name(f"{out.stem}-{kind}-{number}.png"))
                draw_png(plot, files[-1], texts.decimal_mark)
    return files


def labels_of(folders: Sequence[Path]) -> list[str]:
    """Return a name for each folder, with as much of its path as makes the names differ."""
    parts = [[_printable(part) for part in resolved_folder(folder).parts] for folder in folders]
    for count in range(1, max(1, *map(len, parts)) + 1):
        labels = ["/".join(each[-count:]) for each in parts]
        if len(set(labels)) == len(labels):
            return labels
    return [f"{label} ({number})" for number, label in enumerate(labels, start=1)]


def _printable(name: str) -> str:
    """Return a file's name with a replacement character for each one that cannot be shown.

    Bytes that are no text are such characters.
    """
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)


def plotly_script() -> str:
    """Return the text of plotly's JavaScript."""
    # Imported here: four megabytes of text, for reports only.
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
    return script
