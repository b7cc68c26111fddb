"""A third party's transport: installed without an edit here, and tested by its author."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from net.registry import installed_transports, load_transport

HERE = Path(__file__).parent
EXAMPLE = HERE / "example"


def test_a_folder_on_the_path_installs_a_transport(monkeypatch):
    assert "blocking" not in installed_transports()
    monkeypatch.syspath_prepend(str(EXAMPLE))
    # Built-in ones stay first.
    assert list(installed_transports())[-1] == "blocking"
    transport = load_transport("blocking")
    assert type(transport).__module__ == "blocking_transport"


@pytest.mark.timeout(180)
def test_its_author_judges_it_with_the_same_suite():
    paths = os.pathsep.join(filter(None, [str(EXAMPLE), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "pytest", str(HERE), "-q", "-n0"]
    command += ["-p", "no:cacheprovider"]
    verdict = subprocess.run(
        [*command, "--transport", "blocking"],
        cwd=HERE.parent.parent,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert verdict.returncode == 0, verdict.stdout
    assert " passed" in verdict.stdout
    assert "skipped" not in verdict.stdout
