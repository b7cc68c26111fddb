"""Fields of a capture as ``tshark`` reads them."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

TSHARK = shutil.which("tshark")

needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")


def fields(
    capture: Path, display_filter: str, *names: str, options: tuple[str, ...] = ()
) -> list[dict[str, str]]:
    """Return the fields of the packets that pass a display filter; several values have commas."""
    command = [TSHARK or "tshark", "-n", "-r", str(capture), "-T", "fields", "-E", "header=y"]
    command += ["-E", "separator=,", "-E", "quote=d", *options]
    if display_filter:
        command += ["-Y", display_filter]
    for name in names or ("frame.number",):
        command += ["-e", name]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "Lua" not in result.stderr, result.stderr
    return list(csv.DictReader(result.stdout.splitlines()))
