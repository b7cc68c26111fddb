"""The measurement: it records runs, analyses them and writes their results.

Imported by ``game.lab.report``, ``game.lab.simulate`` and the command line.
"""
