"""Output to the terminal: tables, log, progress, and the server's metrics page.

Imported by ``game.cli.commands``.
"""
