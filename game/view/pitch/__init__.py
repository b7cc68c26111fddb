"""Drawing of the match: pitch, players, ghosts, trails and celebrations.

Imported by the panels and the window of ``game.view``.
"""
