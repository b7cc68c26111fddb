"""Options that several commands share, so that they mean the same everywhere."""

from typing import Annotated

import typer

from game.commands.numbers import number_option
from game.protocol.snapshot_rate import SNAPSHOT_HZ_MAX, SNAPSHOT_HZ_MIN
from net.codec import CODECS

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
