"""Options that commands share, and the objects that are built from them.

Imported by the rest of ``game.cli``.
"""
