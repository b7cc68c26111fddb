"""Child processes: pipes, the end with their parent, and a Ctrl-C that does not reach them."""

import os
import signal
import sys
import threading

import pytest

from net.system.child_process import ChildProcess

TIMEOUT_S = 20.0

# Copies its standard input to its standard output, and exits at the end of it.
COPY = "import sys; [print(line, end='', flush=True) for line in sys.stdin]; print('end')"


def python(code, stop_timeout_s=TIMEOUT_S, **options):
    return ChildProcess([sys.executable, "-c", code], stop_timeout_s, **options)


def test_a_child_reads_its_input_and_ends_with_it():
    child = python(COPY)
    child.write(b"hello\n")
    assert child.output.readline().rstrip() == b"hello"
    assert child.is_running
    rest = []
    child.start_reader(lambda: rest.extend(child.output), "reader")
    child.stop()
    assert [line.rstrip() for line in rest] == [b"end"]
    assert not child.is_running
    assert child.wait() == 0
    assert child.output.closed


def test_a_child_that_does_not_exit_is_killed():
    child = python("import time; print('up', flush=True); time.sleep(60)", stop_timeout_s=0.01)
    assert child.output.readline().rstrip() == b"up"
    child.stop()
    assert child.wait() != 0


def test_a_process_that_a_child_left_behind_does_not_hold_its_parent():
    grandchild = "import time; print('up', flush=True); time.sleep(60)"
    code = (
        "import os, subprocess, sys; "
        f"print(subprocess.Popen([sys.executable, '-c', {grandchild!r}]).pid, flush=True)"
    )
    child = python(code, stop_timeout_s=0.1)
    lines = [child.output.readline(), child.output.readline()]
    child.wait()
    has_ended = threading.Event()
    child.start_reader(lambda: (child.output.read(), has_ended.set()), "reader")
    child.stop()
    assert not has_ended.is_set()
    left_behind = next(int(line) for line in lines if line.strip() != b"up")
    os.kill(left_behind, signal.SIGTERM)
    assert has_ended.wait(TIMEOUT_S)
    child.output.close()


def test_writing_to_a_child_that_has_ended_is_no_error():
    child = python("")
    assert child.wait() == 0
    for _ in range(3):
        child.write(b"anything\n")
    child.stop()


def test_standard_error_is_in_the_output_if_asked_for():
    child = python("import sys; sys.exit('what went wrong')", merge_stderr=True)
    assert child.output.readline().rstrip() == b"what went wrong"
    assert child.wait() == 1
    child.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups of this kind")
def test_ctrl_c_in_a_terminal_does_not_reach_a_child():
    child = python(COPY)
    # Ctrl-C goes to the foreground process group.
    assert os.getpgid(child.pid) != os.getpgrp()
    child.stop()
