"""State of the connection on screen: lagometer, legend, captions and stats.

Imported by the screens of ``game.view``.
"""
