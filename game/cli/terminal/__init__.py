"""Output to the terminal: tables, logs, progress, QR codes, and streams that never block.

Imported by ``game.cli.commands`` and ``game.__main__``.
"""
