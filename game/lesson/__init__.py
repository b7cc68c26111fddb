"""Lessons: their files, the rules that check a run, and the steps that a student takes.

``loader`` reads files; the other modules are pure. Imported by ``game.view.lesson`` and the command
line.
"""
