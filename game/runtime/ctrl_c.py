"""Ctrl-C: its repetition when Python would lose it, and other signals that count as one.

Python raises ``KeyboardInterrupt`` between any two lines of the main thread. These lines may belong
to a finaliser or to a callback of a weak reference, as in every import. Then no caller can receive
it. It is printed as "Exception ignored", and the program goes on.
"""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

# After this wait the finaliser has returned. If not, Ctrl-C is lost and repeated again.
_REPEAT_S = 0.02
# The signals that end a program as Ctrl-C does. Windows has no SIGHUP.
END_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def repeated_if_lost() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` again inside the block if Python has dropped one.

    Call it in the main thread.
    """
    before = sys.unraisablehook

    def handle(unraisable: "sys.UnraisableHookArgs") -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            before(unraisable)
            return
        while True:
            try:
                # From another thread, since here it would be lost again. Not ``threading.Thread``,
                # whose ``start`` waits: on a busy computer the repetition comes meanwhile.
                _thread.start_new_thread(_interrupt_main_thread, ())
                return
            except KeyboardInterrupt:
                # The repetition came before this function had returned.
                continue

    sys.unraisablehook = handle
    try:
        yield
    finally:
        sys.unraisablehook = before


@contextmanager
def end_signals_interrupt() -> Iterator[None]:
    """Handle SIGTERM and SIGHUP inside the block as Ctrl-C, so that what was measured is kept.

    SIGHUP comes when the window of the terminal is closed; ``nohup`` ignores it, and it stays so.
    Call it in the main thread.
    """
    before = {number: signal.getsignal(number) for number in END_SIGNALS}
    # A shell starts background jobs of a script with SIGINT ignored: SIGTERM must still end them.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        for number, handler in before.items():
            if handler is signal.SIG_DFL:
                signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt_main_thread() -> None:
    sleep(_REPEAT_S)
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        # A real signal, which also ends a sleep or a wait.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
