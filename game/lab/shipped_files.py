"""Files of ``docs`` that ship with the package.

A wheel installs them under ``share/jitterball`` of its environment. The files stay where their
readers look for them, and no copy in the package can differ from them.
"""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path


def shipped_folder(checkout: Path, name: str) -> Path | None:
    """Return the folder of a checkout, else the installed one; None if there is neither.

    ``name``: that of the folder in ``share/jitterball``.
    """
    if checkout.is_dir():
        return checkout
    try:
        installed = files("jitterball") or []
    except PackageNotFoundError:
        installed = []
    for file in installed:
        if file.parts[-4:-1] == ("share", "jitterball", name):
            return Path(str(file.locate())).resolve().parent
    return None
