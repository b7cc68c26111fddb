"""The screen: everything that draws; nothing outside this package imports pygame."""

import os

# What a terminal tells the user is this program's; pygame would greet on import.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
