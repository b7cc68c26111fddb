"""Marks of tests that not every system can run."""

import sys

import pytest

posix_signals = pytest.mark.skipif(
    sys.platform == "win32",
    reason="Windows has no SIGHUP, no Ctrl-C for one process, and no SIGTERM to catch",
)
