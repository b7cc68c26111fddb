"""Example bots that ship with the package."""

import tomllib
from pathlib import Path

import pytest

from game.lab import shipped_files
from game.lab.league import example_bots
from game.lab.league.example_bots import UnknownBot, files_of


def names(bot: str) -> list[str]:
    return [path.name for path in files_of(bot)]


def test_a_bot_comes_with_the_modules_that_it_imports() -> None:
    assert names("tcp_blocking") == ["tcp_blocking.py", "football.py"]
    assert names("udp") == ["udp.py", "football.py", "udp_connection.py"]
    assert names("udp.mjs") == ["udp.mjs", "football.mjs"]


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(UnknownBot, match=r"no bot is called 'tpc': there are tcp\.mjs, "):
        files_of("tpc")
    with pytest.raises(UnknownBot):
        files_of("football")


def test_without_a_checkout_the_installed_files_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Installed(type(tmp_path)):  # type: ignore[misc]
        def locate(self) -> Path:
            return tmp_path / self

    shared = tmp_path / "share" / "jitterball" / "bots"
    shared.mkdir(parents=True)
    (shared / "tcp.py").write_text("import socket\n")
    monkeypatch.setattr(example_bots, "CHECKOUT_FOLDER", tmp_path / "none")
    monkeypatch.setattr(
        shipped_files, "files", lambda _name: [Installed("share/jitterball/bots/tcp.py")]
    )
    assert files_of("tcp") == [shared / "tcp.py"]


def test_the_wheel_carries_every_example() -> None:
    root = example_bots.CHECKOUT_FOLDER.parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    carried = project["tool"]["setuptools"]["data-files"]
    assert carried["share/jitterball/bots"] == ["docs/examples/bots/*"]
