"""Screen of one player.

Imported by ``game.view.window``, which the command line calls with a ``Source``.
"""
