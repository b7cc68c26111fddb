"""Ctrl-C before there is anything that could be interrupted."""

import sys
from types import ModuleType

from game.__main__ import INTERRUPTED, main


class Loading(ModuleType):
    """A module in whose loading somebody presses Ctrl-C."""

    def __getattr__(self, name):
        raise KeyboardInterrupt


def test_ctrl_c_while_the_program_is_loaded_ends_it_without_a_word(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "game.cli.app", Loading("game.cli.app"))
    assert main() == INTERRUPTED
    assert capsys.readouterr() == ("", "")
