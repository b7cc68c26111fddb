"""Open-file limit of the process, which bounds the number of connections.

The soft limit is low (256 on macOS, 1,024 on most Linux systems). A process may raise it up to
the hard limit.
"""

import sys

# Reserved for listening sockets, the log, connections before their hello, and rejected ones that
# are still to receive the reason.
_RESERVED = 384


if sys.platform == "win32":
    # ``select`` on Windows takes 512 sockets. ``net/stream/endpoints.py`` bounds the streams.
    _MOST_CONNECTIONS = 480

    def raise_open_file_limit(wanted: int) -> int:
        """Return how many sockets may be open, ``wanted`` at most."""
        return min(wanted, _MOST_CONNECTIONS)

    def affordable_connections(wanted: int) -> int:
        """Return how many of the wanted connections the system can hold."""
        return min(wanted, _MOST_CONNECTIONS)

else:
    import resource

    def affordable_connections(wanted: int) -> int:
        """Raise the soft limit as far as needed; return how many connections it can hold."""
        granted = raise_open_file_limit(wanted + _RESERVED)
        # With a very low limit, half of it: a server for a few players is better than none.
        return min(wanted, granted - min(_RESERVED, granted // 2))

    def raise_open_file_limit(wanted: int) -> int:
        """Raise the soft limit as far as needed; return how many files may be open."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft == resource.RLIM_INFINITY or soft >= wanted:
            return wanted
        # Not the hard limit itself: macOS reports "unlimited" and then refuses that value.
        raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        except (OSError, ValueError):
            return soft
        return raised
