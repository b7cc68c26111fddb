"""The authoritative game server: connections, rooms, ticks and snapshots.

The command line and ``game.web`` import it. The lab imports ``local`` and ``room`` only. Client and
view never import it.
"""
