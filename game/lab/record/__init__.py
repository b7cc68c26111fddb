"""Recorded links: probes to a server, files of other programs, and the nearest SPEC.

``link_recorder`` owns the connection. The other modules are pure. Imported by the command line.
"""
