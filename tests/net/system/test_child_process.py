import os
import subprocess
import sys

import pytest

from net.system.child_process import out_of_ctrl_c


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts groups of consoles")
def test_a_terminal_interrupts_us_and_not_the_child():
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, **out_of_ctrl_c()) as child:
        # Ctrl-C goes to the foreground process group.
        assert os.getpgid(child.pid) != os.getpgrp()
        child.communicate(b"\n")
    assert child.returncode == 0
