"""``jitterball worksheet``: the worksheet of a class as a page to print, or its key."""

from pathlib import Path
from typing import Annotated

import typer

from game.cli.errors import CliError
from game.cli.language import is_spanish, say
from game.cli.options.language import TextLanguage

SHEET_FILE, KEY_FILE = "worksheet.html", "worksheet-key.html"


def worksheet(
    answers: Annotated[
        bool, typer.Option("--answers", help="Write the teacher's key instead.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"The page to write. Default: {SHEET_FILE}, or {KEY_FILE} for the key.",
        ),
    ] = None,
    lang: TextLanguage = None,
) -> None:
    """Write the worksheet of a class as a page to print, or its key.

    Students predict, measure and explain, and write into the blanks. A browser prints the page.
    """
    # Imported here, with the reader of Markdown: only this command needs it.
    from game.lab.worksheet.files import NoWorksheet, read_key, read_worksheet
    from game.lab.worksheet.page import key_page, worksheet_page
    from game.lab.worksheet.texts import TEXTS

    texts = TEXTS["es" if is_spanish() else "en"]
    out = out or Path(KEY_FILE if answers else SHEET_FILE)
    try:
        source = read_worksheet(texts.language)
        page = (
            key_page(source, read_key(texts.language), texts)
            if answers
            else worksheet_page(source, texts)
        )
    except NoWorksheet as error:
        raise CliError(str(error)) from error
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise CliError(f"cannot write {out}: {error.strerror}") from error
    print(say(f"wrote {out}"))
