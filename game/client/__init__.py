"""The game client without a screen: connection, prediction, interpolation, and frames to draw.

View, lab and command line import it. It imports neither server nor view, and no ``pygame``.
"""
