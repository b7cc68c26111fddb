"""Options that commands share, and the objects that are built from them.

Imported by ``game.cli.app``, ``game.cli.commands`` and ``game.cli.terminal``.
"""
