"""The option ``--out``: a new folder for results."""

from pathlib import Path
from typing import Annotated

import typer


def _check_new_folder(out: Path) -> Path:
    """Return ``out``. Raises ``BadParameter`` if it cannot be the name of a new folder."""
    # "." and "/" have an empty name, to which no number can be added.
    if out.name in ("", ".."):
        example = out / "measurement"
        raise typer.BadParameter(f"{str(out)!r} exists: name a new folder, such as {example}")
    return out


NewFolder = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        callback=_check_new_folder,
        help="New folder to write; if it exists, a number is added.",
    ),
]
