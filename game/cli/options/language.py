"""The option for the language of the command line's texts, and its check for other languages."""

from typing import Annotated

import typer

from game.cli.language import CODES


def check_language(language: str | None) -> str | None:
    """Return a typed language. Raises ``BadParameter`` if there are no texts in it."""
    if language is not None and language not in CODES:
        raise typer.BadParameter(f"no texts in {language!r}: there are {' and '.join(CODES)}")
    return language


# ``game.cli.language.language_of`` reads its value, before typer does.
TextLanguage = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="|".join(CODES),
        callback=check_language,
        help="Language of the texts: en or es. Default: the system's.",
    ),
]
