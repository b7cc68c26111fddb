"""Options that several commands share, so that they mean the same everywhere."""

from typing import Annotated, Any, TypeVar

import typer

from game.protocol.snapshot_rate import SNAPSHOT_HZ_MAX, SNAPSHOT_HZ_MIN
from net.codec import CODECS

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


INTERPOLATION_MAX_MS = 1000.0


SEED_MAX = 2**32 - 1


def _check_codec(codec: str) -> str:
    if codec not in CODECS:
        raise typer.BadParameter(f"no codec {codec!r}: there are {' and '.join(CODECS)}")
    return codec


CodecName = Annotated[
    str,
    typer.Option(
        "--codec", callback=_check_codec, help=f"How values become bytes: {' or '.join(CODECS)}."
    ),
]


InterpolationMs = Annotated[
    float | None,
    number_option(
        0.0,
        INTERPOLATION_MAX_MS,
        "Draw this much later, to draw smoothly. Default: two snapshot intervals.",
    ),
]


Seed = Annotated[
    int | None,
    number_option(0, SEED_MAX, "Same seed and inputs, same matches and fates. Default: chance."),
]


SnapshotHz = Annotated[
    int, number_option(SNAPSHOT_HZ_MIN, SNAPSHOT_HZ_MAX, "Snapshots a second to each client.")
]
