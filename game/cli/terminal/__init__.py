"""Output to the terminal: tables, logs, progress, QR codes, and streams that never block.

Imported by ``game.cli.commands``, ``game.cli.windows`` and ``game.__main__``.
"""
