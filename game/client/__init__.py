"""The game client without a screen: connection, prediction, interpolation, and frames to draw.

Lessons, view, lab and command line import it; ``game.web`` imports ``wire_loss`` only. It imports
neither server nor view, and no ``pygame``.
"""
