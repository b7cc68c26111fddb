"""Options for numbers, codec, seed, snapshot rate and interpolation delay."""

from typing import Annotated, Any, TypeVar

import typer

from game.protocol.snapshot_rate import SNAPSHOT_HZ_MAX, SNAPSHOT_HZ_MIN
from net.codec import CODECS

Number = TypeVar("Number", int, float)


def number_option(low: Number, high: Number, help: str) -> Any:
    """Return an option for a number from ``low`` to ``high``, of the type of ``low``."""
    kind = type(low)
    noun = "a whole number" if kind is int else "a number"
    minimum, maximum = (str(low), str(high)) if kind is int else (f"{low:g}", f"{high:g}")

    def parse(text: str) -> Number:
        try:
            number = kind(text)
        except ValueError:
            number = None
        # ``not low <= number`` also rejects "nan", for which every comparison is false.
        if number is None or not low <= number <= high:
            raise typer.BadParameter(f"{text!r} is not {noun} from {minimum} to {maximum}")
        return number

    return typer.Option(metavar=f"{minimum}..{maximum}", parser=parse, help=help)


INTERPOLATION_MAX_MS = 1000.0
SEED_MAX = 2**32 - 1


def _check_codec(codec: str) -> str:
    if codec not in CODECS:
        raise typer.BadParameter(f"no codec {codec!r}: there are {' and '.join(CODECS)}")
    return codec


CodecName = Annotated[
    str,
    typer.Option(
        "--codec", callback=_check_codec, help=f"The encoding of messages: {' or '.join(CODECS)}."
    ),
]
WholeSnapshots = Annotated[
    bool,
    typer.Option("--whole-snapshots", help="Send every snapshot whole instead of its changes."),
]
InterpolationMs = Annotated[
    float | None,
    number_option(
        0.0,
        INTERPOLATION_MAX_MS,
        "The interpolation delay. Default: two snapshot intervals.",
    ),
]
Seed = Annotated[
    int | None,
    number_option(0, SEED_MAX, "Same seed and inputs: same match and losses. Default: random."),
]
SnapshotHz = Annotated[
    int, number_option(SNAPSHOT_HZ_MIN, SNAPSHOT_HZ_MAX, "Snapshots per second to each client.")
]
