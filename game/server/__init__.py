"""The authoritative game server: connections, rooms, ticks and snapshots.

The command line imports it. The lab imports ``local`` and ``room`` only. Clients never import it.
"""
