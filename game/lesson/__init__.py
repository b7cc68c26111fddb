"""Lessons: their files, the rules that check a run, and the steps that a student takes.

Imported by the lesson screen in ``game.view`` and by the command line.
"""
