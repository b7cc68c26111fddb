"""QR codes in a terminal, for phones that are to open an address."""

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
