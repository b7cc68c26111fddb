"""Statistics of arrivals and frames: jitter, stalls, losses, snapshot age, frozen time.

A game's client, server, measurements and window import it. In ``net`` the packages
``datagram`` and ``link`` do. It uses nothing of ``net`` but ``net.sync``.
"""
