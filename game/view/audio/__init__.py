"""Sounds of a match: synthesis and playback.

Imported by the screens of ``game.view`` and by code that makes one.
"""
