"""Statistics of arrivals and frames: jitter, stalls, losses, snapshot age, frozen time.

Imported by ``net.datagram``, ``net.link`` and a game's packages that measure or draw. It uses
nothing of ``net`` but ``net.sync``.
"""
