"""Ctrl-C before there is anything that could be interrupted."""

import subprocess
import sys
from types import ModuleType

import pytest

from game.__main__ import INTERRUPTED, main


class Loading(ModuleType):
    """A module in whose loading somebody presses Ctrl-C."""

    def __getattr__(self, name):
        raise KeyboardInterrupt


def test_ctrl_c_while_the_program_is_loaded_ends_it_without_a_word(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "game.cli.app", Loading("game.cli.app"))
    assert main() == INTERRUPTED
    assert capsys.readouterr() == ("", "")


# Ctrl-C at the import of a module: in it, and in a weak reference's callback, where Python drops
# the exception. The import machinery has such callbacks.
IMPORT_INTERRUPTED = """
import signal, sys, time, weakref

class Target:
    pass

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            if {is_dropped}:
                target = Target()
                kept = weakref.ref(target, lambda _: signal.raise_signal(signal.SIGINT))
                del target
                time.sleep(20.0)
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Finder())
from game.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("is_dropped", [False, True])
@pytest.mark.parametrize("module", ["game.cli.terminal.standard_streams", "typer"])
def test_ctrl_c_during_the_first_imports_ends_the_program(module, is_dropped):
    code = IMPORT_INTERRUPTED.format(module=module, is_dropped=is_dropped)
    ended = subprocess.run([sys.executable, "-c", code, "links"], capture_output=True, timeout=60.0)
    assert (ended.returncode, ended.stderr) == (INTERRUPTED, b"")


def test_ctrl_c_in_the_first_run_of_all_is_no_syntax_error(tmp_path):
    """Without bytecode the compiler itself loads ``unicodedata``, for the names of characters."""
    code = IMPORT_INTERRUPTED.format(module="unicodedata", is_dropped=False)
    command = [sys.executable, "-X", f"pycache_prefix={tmp_path}", "-c", code, "links"]
    ended = subprocess.run(command, capture_output=True, timeout=60.0)
    assert (ended.returncode, ended.stderr) == (INTERRUPTED, b"")
