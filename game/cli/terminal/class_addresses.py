"""The two addresses of a class, for a projector: in large type, each with a QR code."""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from game.cli.language import say
from game.cli.terminal.large_type import large_type
from game.cli.terminal.plain_text import encodable
from game.cli.terminal.qr_code import qr_code
from game.cli.terminal.tables import plain_console
from game.runtime.shutdown import STDIN

# Browsers add it to an address that is typed.
_USUAL_SCHEME = "http://"
# Erases the lines that a terminal keeps above the screen (xterm's extension of ED).
_ERASE_SCROLLBACK = "\x1b[3J"


@dataclass(frozen=True, slots=True)
class Posters:
    """The addresses that the posters show; ``students`` has at least one, the best one first."""

    students: Sequence[str]
    teacher: str

    def show(self) -> None:
        """Print both posters; the Enter key then removes that of the teacher from the terminal.

        The teacher's is above: a terminal with few lines shows the students' only.
        """
        width = plain_console().width
        print(*self.teacher_poster(width), sep="\n")
        can_remove = _is_asked_at_the_terminal()
        if can_remove:
            print(say("Press Enter to remove the teacher's address from this screen."))
        print(*self.students_poster(width), sep="\n", flush=True)
        if can_remove:
            threading.Thread(target=self._remove_on_enter, daemon=True).start()

    def teacher_poster(self, width: int) -> Iterator[str]:
        """Yield the lines of the teacher's poster."""
        yield from _poster(say("For the teacher alone:"), self.teacher, width)

    def students_poster(self, width: int) -> Iterator[str]:
        """Yield the lines of the students' poster."""
        first, *others = self.students
        heading = say("To play, open this page on a phone, tablet or computer:")
        yield from _poster(heading, first, width)
        if others:
            yield f"{say('If it does not open:')} {'  '.join(others)}"
        yield say("Ctrl-C ends it")

    def _remove_on_enter(self) -> None:
        # Not ``sys.stdin``: whoever holds its buffer's lock blocks the interpreter's shutdown.
        if not os.read(STDIN, 1024):
            return
        console = plain_console()
        console.clear()
        if not console.legacy_windows:
            print(_ERASE_SCROLLBACK, end="")
        print(*self.students_poster(console.width), sep="\n", flush=True)


def _poster(heading: str, url: str, width: int) -> Iterator[str]:
    """Yield a heading, the address, its QR code, and the address in large type."""
    yield ""
    yield f"{heading} {url}"
    yield qr_code(url)
    lines = large_type(url.removeprefix(_USUAL_SCHEME).removesuffix("/"), width)
    encoding = sys.stdout.encoding or "ascii"
    # A terminal without the characters shows the plain address only.
    if all(encodable(line, encoding) == line for line in lines):
        yield from lines
    yield ""


def _is_asked_at_the_terminal() -> bool:
    """Return whether keys reach this program: a job in the background would be stopped."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return sys.platform == "win32" or os.tcgetpgrp(STDIN) == os.getpgrp()
