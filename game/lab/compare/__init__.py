"""Clients side by side over several transports, for the comparison and the measurement.

Imported by ``game.lab.measure`` and the command line.
"""
