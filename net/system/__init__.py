"""Access to the operating system: sockets, TCP counters, event loops and child processes.

Transport plugins import ``sockets``. The rest serves ``net`` and ``game``.
"""
