"""Numbers with a range, refused in words that name the range."""

from typing import Any, TypeVar

import typer

Number = TypeVar("Number", int, float)


def number_option(low: Number, high: Number, help: str) -> Any:
    """Return an option for a number of the kind of ``low``, from it to ``high``."""
    kind = type(low)
    what = "a whole number" if kind is int else "a number"
    least, most = (str(low), str(high)) if kind is int else (f"{low:g}", f"{high:g}")

    def parse(text: str) -> Number:
        try:
            number = kind(text)
        except ValueError:
            number = None
        # Written so that "nan", which is below and above nothing, is refused too.
        if number is None or not low <= number <= high:
            raise typer.BadParameter(f"{text!r} is not {what} from {least} to {most}")
        return number

    return typer.Option(metavar=f"{least}..{most}", parser=parse, help=help)
