"""Comparison screen: several clients of one match side by side, over different transports.

Imported by the command line, which passes in a ``CompareSource``.
"""
