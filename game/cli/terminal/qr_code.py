"""QR codes of addresses, for phones: in a terminal, or as modules that a window draws."""

import sys
from io import StringIO

# Cameras want four modules of margin (ISO/IEC 18004); the terminal around is margin too.
_BORDER_MODULES = 2


def qr_code(text: str) -> str:
    """Return lines that show ``text`` as a QR code; "" where the terminal lacks the characters."""
    # Imported only when needed: output that goes to a file has none.
    import segno

    drawn = StringIO()
    segno.make(text, micro=False).terminal(drawn, border=_BORDER_MODULES, compact=True)
    lines = drawn.getvalue().rstrip("\n")
    try:
        lines.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return ""
    return lines


def qr_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of ``text`` as a QR code, row by row, dark ones true, without margin."""
    import segno

    rows = segno.make(text, micro=False).matrix
    return tuple(tuple(bool(module) for module in row) for row in rows)
