import os
import subprocess
import sys

import pytest

from net.system.child_process import new_process_group_options


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts groups of consoles")
def test_a_terminal_interrupts_us_and_not_the_child():
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, **new_process_group_options()) as child:
        # Ctrl-C goes to the foreground process group.
        assert os.getpgid(child.pid) != os.getpgrp()
        child.communicate(b"\n")
    assert child.returncode == 0
