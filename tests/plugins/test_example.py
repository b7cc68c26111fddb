"""Third parties' transports: installed without an edit here, and tested by their authors."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from net.registry import ENTRY_POINT_GROUP, installed_transports, load_transport

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXAMPLE = HERE / "example"
TEMPLATE = ROOT / "docs" / "plugin-template"


def judge(folder: Path, name: str, *selection: str) -> None:
    """Run the contract's suite on the transport that a folder installs."""
    paths = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "pytest", str(HERE), "-q", "-n0", "-p", "no:cacheprovider"]
    verdict = subprocess.run(
        [*command, "--transport", name, *selection],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert verdict.returncode == 0, verdict.stdout
    assert " passed" in verdict.stdout
    assert "skipped" not in verdict.stdout


def write_metadata(folder: Path) -> None:
    """Write what an installation of the template adds, by its ``pyproject.toml``."""
    project = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    entries = project["entry-points"][ENTRY_POINT_GROUP].items()
    lines = [f"[{ENTRY_POINT_GROUP}]", *(f"{name} = {value}" for name, value in entries)]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")


def copy_of_template(folder: Path) -> Path:
    """Return a copy of the template: building it writes beside it."""
    return shutil.copytree(TEMPLATE, folder / "source")


def test_a_folder_on_the_path_installs_a_transport(monkeypatch):
    assert "blocking" not in installed_transports()
    monkeypatch.syspath_prepend(str(EXAMPLE))
    # Built-in ones come first.
    assert list(installed_transports())[-1] == "blocking"
    transport = load_transport("blocking")
    assert type(transport).__module__ == "blocking_transport"


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_its_author_judges_it_with_the_same_suite():
    judge(EXAMPLE, "blocking")


async def test_the_template_is_found_and_carries_messages(monkeypatch, tmp_path, make_harness):
    write_metadata(tmp_path)
    monkeypatch.syspath_prepend(str(TEMPLATE))
    monkeypatch.syspath_prepend(str(tmp_path))
    messages = [b"", b"\n", b"\\", b"\\n\n\\\\\n", b"\\c", bytes(range(256)), b"\n" * 65_536]
    async with make_harness(load_transport("lines"))() as harness:
        client, server = await harness.meet()
        for message in messages:
            client.send(message)
        assert await server.received(len(messages)) == messages
        await client.channel.close()
        assert await server.ended() is None


@pytest.mark.slow
def test_the_template_installs_and_keeps_the_contract(tmp_path):
    site = tmp_path / "site"
    installing = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"),
            # Without the Internet: with the ``setuptools`` that is here.
            *("--no-build-isolation", "--target", str(site), str(copy_of_template(tmp_path))),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert installing.returncode == 0, installing.stderr
    judge(site, "lines")
