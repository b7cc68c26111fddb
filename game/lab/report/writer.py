"""From the folders of measurements to a report: one page, and pictures where they are asked for.

Reads, draws and writes; what the report says stands in `report_page.py` and beside it.
"""

from collections.abc import Sequence
from pathlib import Path

from game.lab.measure.results import ResultsError
from game.lab.report.page import named_plots, page
from game.lab.report.png_figures import draw_png
from game.lab.report.sections import sections_of
from game.lab.report.texts import ReportTexts
from game.lab.report.trace_files import read_experiment


def write_report(
    folders: Sequence[Path], out: Path, texts: ReportTexts, has_png: bool = False
) -> list[Path]:
    """Write the report of one measurement, or of several compared; return the files written.

    With `has_png` each plot is written beside the page, too. Raises `ResultsError`, `OSError`, and
    `ImportError` where pictures are asked for and matplotlib is missing.
    """
    labels = labels_of(folders)
    experiments = [
        read_experiment(folder, label) for folder, label in zip(folders, labels, strict=True)
    ]
    sections = sections_of(experiments)
    if not sections:
        raise ResultsError(f"{folders[0]}: holds no run")
    plots = named_plots(sections, texts)
    out.write_text(page(experiments, sections, plots, texts, _plotly_script()), encoding="utf-8")
    files = [out]
    if has_png:
        for kind, of_kind in plots.items():
            for number, plot in enumerate(of_kind, start=1):
                files.append(out.with_name(f"{out.stem}-{kind}-{number}.png"))
                draw_png(plot, files[-1])
    return files


def labels_of(folders: Sequence[Path]) -> list[str]:
    """Return each folder's name, with as much before it as tells the folders apart."""
    parts = [folder.resolve().parts for folder in folders]
    for count in range(1, max(map(len, parts)) + 1):
        labels = ["/".join(each[-count:]) for each in parts]
        if len(set(labels)) == len(labels):
            return labels
    return [f"{label} ({number})" for number, label in enumerate(labels, start=1)]


def _plotly_script() -> str:
    # Four megabytes of text, which only a report needs.
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
    return script
