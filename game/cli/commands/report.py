"""``jitterball report``: the report of one measurement, or a comparison of several."""

from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import say
from game.cli.options.language import check_language
from game.lab.measure.results import ResultsError
from game.lab.measure.results_folder import REPORT_FILE, resolved_folder
from game.runtime.system_language import system_language

if TYPE_CHECKING:
    from game.lab.class_results.results import ClassResults

COMPARISON_FILE = "comparison.html"
# As many as the dashes of lines tell apart in one plot. More are those of a class.
COMPARED_MAX = 4


def _check_png(is_wanted: bool) -> bool:
    from game.lab.report.png_plots import can_draw_png

    # Checked before the measurement starts, not after it.
    if is_wanted and not can_draw_png():
        raise typer.BadParameter(
            "this needs matplotlib, which is not installed: python -m pip install matplotlib"
        )
    return is_wanted


ReportLanguage = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="en|es",
        callback=check_language,
        help="Language of the report. Default: the system's.",
    ),
]
Png = Annotated[
    bool,
    typer.Option(
        "--png",
        callback=_check_png,
        help="Write each plot as a PNG too. Needs matplotlib: pip install matplotlib",
    ),
]


def report(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...",
            help="Folders of measure; several are compared, more than four as a class.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The page to write. Default: report.html in DIR; comparison.html for several.",
        ),
    ] = None,
    lang: ReportLanguage = None,
    png: Png = False,
) -> None:
    """Write the report of a measurement again, or one that compares several.

    The page is one file that needs no network. A comparison names every run by its folder, for
    example ``wifi`` and ``cable``. In a class the folders have the names of the students.
    """
    for folder in folders:
        _check_folder(folder)
    if len(set(map(resolved_folder, folders))) < len(folders):
        raise CliError("a folder is named twice: give each folder once")
    default = folders[0] / REPORT_FILE if len(folders) == 1 else Path(COMPARISON_FILE)
    print(say(write_report_page(folders, out or default, lang, png)))


def _check_folder(folder: Path) -> None:
    """Raise ``CliError`` for a file: somebody names the results in a folder, or a packed folder."""
    # Not ``Path.is_file``, which raises ``OSError`` for a name that is too long.
    if isfile(folder):
        is_packed = folder.suffix.lower() == ".zip"
        right = (
            "unpack it and name its folder" if is_packed else f"name its folder, {folder.parent}"
        )
        raise CliError(f"{folder} is a file: {right}")


def write_report_page(folders: list[Path], out: Path, lang: str | None, png: bool) -> str:
    """Write the report and return a line with its path.

    Raises ``CliError`` if it cannot be written.
    """
    from game.lab.class_results.archive import write_class_report, write_measured_class_report
    from game.lab.report.texts import report_texts
    from game.lab.report.writer import write_report

    texts = report_texts(lang or system_language())
    more = ""
    try:
        if (results := _class_results(folders, png)) is not None:
            write_class_report(results, out, texts)
        elif len(folders) > COMPARED_MAX:
            if png:
                raise CliError(f"the report of more than {COMPARED_MAX} folders has no pictures")
            write_measured_class_report(folders, out, texts)
        else:
            files = write_report(folders, out, texts, png)
            more = f" and {len(files) - 1} pictures beside it" if png else ""
    except ResultsError as error:
        raise CliError(str(error)) from error
    except OSError as error:
        raise CliError(f"{error.filename or out}: {error.strerror}") from error
    return f"report in {out}{more}"


def _class_results(folders: list[Path], png: bool) -> "ClassResults | None":
    """Return the results of a class; None if no folder has them.

    Raises ``CliError`` if there are other folders too, or pictures are wanted.
    """
    from game.lab.class_results.archive import load_class_results

    for folder, results in [(each, load_class_results(each)) for each in folders]:
        if results is None:
            continue
        if len(folders) > 1:
            raise CliError(f"{folder}: has the results of a class; give this folder alone")
        if png:
            raise CliError(f"{folder}: has the results of a class, whose report has no pictures")
        return results
    return None
