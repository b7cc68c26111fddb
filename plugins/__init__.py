"""Transport plugins, one a file, found by entry point.

A plugin imports from ``net`` only: no other plugin and nothing of ``game``. Nothing imports a
plugin but the entry point that names it, and its tests.
"""
