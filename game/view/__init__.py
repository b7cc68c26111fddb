"""Window of the game, drawn with pygame.

``pitch`` draws the match, ``network`` the state of the connection, ``play`` and ``compare`` are the
two screens, ``widgets`` and ``audio`` serve both.
Imported by the command line. Code outside this package passes frames in and imports no pygame.
"""

import os

# pygame prints a greeting on import; the terminal belongs to this program's own output.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
