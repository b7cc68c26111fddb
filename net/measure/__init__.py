"""Statistics of arrivals and frames: jitter, stalls, losses, snapshot age, frozen time.

A game's client, its measurements and its window import all modules. In ``net`` no other
subpackage does. It uses nothing of ``net`` but ``net.sync``.
"""
