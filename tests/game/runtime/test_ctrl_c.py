"""Ctrl-C in a finaliser, where Python loses it."""

import signal
import sys
import weakref
from time import perf_counter, sleep

import pytest

from game.runtime.ctrl_c import end_signals_interrupt, repeated_if_lost
from tests.platforms import posix_signals

LIMIT_S = 20.0


class Interrupted:
    """An object in whose finaliser Ctrl-C is pressed."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def in_finaliser():
    Interrupted()


def in_weak_reference():
    class Target:
        pass

    target = Target()
    kept = weakref.ref(target, lambda _: signal.raise_signal(signal.SIGINT))
    del target
    return kept


def interrupt_and_wait(interrupt):
    with repeated_if_lost():
        interrupt()
        sleep(LIMIT_S)


@pytest.mark.parametrize("interrupt", [in_finaliser, in_weak_reference])
def test_an_interrupt_that_python_drops_is_raised_all_the_same(interrupt):
    hook = sys.unraisablehook
    began_at = perf_counter()
    with pytest.raises(KeyboardInterrupt):
        interrupt_and_wait(interrupt)
    assert perf_counter() - began_at < LIMIT_S / 2
    assert sys.unraisablehook is hook


@pytest.mark.parametrize("interrupt", [in_finaliser, in_weak_reference])
def test_a_repetition_that_comes_too_early_is_repeated_too(interrupt, monkeypatch):
    # Sometimes it comes inside the hook, sometimes inside the finaliser.
    monkeypatch.setattr("game.runtime.ctrl_c._REPEAT_S", 0.0)
    for _ in range(50):
        with pytest.raises(KeyboardInterrupt):
            interrupt_and_wait(interrupt)


def test_other_exceptions_are_told_as_before(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(unraisable.exc_type))

    class Broken:
        def __del__(self):
            raise ValueError("broken")

    with repeated_if_lost():
        Broken()
    assert told == [ValueError]


@posix_signals
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_an_end_signal_is_an_interrupt(name):
    number = signal.Signals[name]
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), end_signals_interrupt():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before


@posix_signals
def test_an_ignored_signal_stays_ignored_and_sigterm_ends_a_job_that_ignores_ctrl_c():
    hangup = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        with end_signals_interrupt():
            signal.raise_signal(signal.SIGHUP)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with end_signals_interrupt():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, hangup)
        signal.signal(signal.SIGINT, interrupt)
