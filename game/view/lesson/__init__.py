"""Lesson screen: a comparison above, and a card below that asks, times, shows and explains.

Imported by the command line, which passes in the comparison's screen.
"""
