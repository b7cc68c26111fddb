"""How many connections the system lets this process have: asking for more, keeping within it.

Systems begin with few open files (256 on macOS, 1,024 on most Linuxes), which a program may raise
itself to what its user is granted.
"""

import sys

# For listening sockets, the log, streams that have not said yet who they are, and those that are
# to be told that they are too many.
_RESERVED = 384


if sys.platform == "win32":
    # Its ``select`` takes 512 sockets and raises for one more; how many of them are streams is
    # bounded where they are accepted (``net/stream/endpoints.py``).
    _MOST_CONNECTIONS = 480

    def affordable_connections(wanted: int) -> int:
        """Return how many of the connections wanted the system carries."""
        return min(wanted, _MOST_CONNECTIONS)

else:
    import resource

    def affordable_connections(wanted: int) -> int:
        """Return how many of the connections wanted the system carries, after asking for all."""
        granted = _granted(wanted + _RESERVED)
        # Where little was granted half of it: a server for few is better than none.
        return min(wanted, granted - min(_RESERVED, granted // 2))

    def _granted(wanted: int) -> int:
        """Return how many files and sockets may be open, at best the number wanted."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft == resource.RLIM_INFINITY or soft >= wanted:
            return wanted
        # Not all that is allowed: macOS says "unlimited" and refuses it.
        raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        except (OSError, ValueError):
            return soft
        return raised
