"""Quotas of open files: how many of the process's files the relays of each protocol may use.

Without quotas, the clients of one protocol could use up all files. Those of the other would
wait, and nothing would tell why. A client of TCP needs two files, one of UDP needs one.
"""

import logging
from collections.abc import Iterable
from time import perf_counter

from net.link.profile import RelayProtocol
from net.security.token_bucket import LogThrottle
from net.system.open_file_limit import raise_open_file_limit
from net.transport import Address

__all__ = ["OpenFileQuota", "open_file_quotas"]

log = logging.getLogger(__name__)

# Room for a thousand clients of each protocol. Every one costs memory too.
_FILES_WANTED = 4096
# Standard streams, the event loop's own files, and the listening sockets of a few ports. With a
# very low limit, a quarter of it.
_FILES_RESERVED = 32

# A line for each refused datagram would fill the terminal.
_LINES_PER_S = 0.2


class OpenFileQuota:
    """The open files that one protocol may use, of all ports of a relay together."""

    def __init__(self, protocol: RelayProtocol, files: int, limit: int) -> None:
        self._protocol = protocol
        self._free = files
        self._files, self._limit = files, limit
        self._refusals = LogThrottle(_LINES_PER_S)

    def take(self, files: int) -> bool:
        """Take files from the quota; return whether it had enough."""
        if self._free < files:
            return False
        self._free -= files
        return True

    def give_back(self, files: int) -> None:
        """Return files that are closed to the quota."""
        self._free += files

    def report_full(self, client: Address | None = None) -> None:
        """Log that a client has to wait, at most once in five seconds."""
        more = self._refusals.admit(perf_counter())
        if more is not None:
            who = f"{client}" if client else "a client"
            log.warning(
                "relay: no file is free for %s over %s: %d of the limit %d are its share; "
                "raise the limit (ulimit -n)%s",
                who,
                self._protocol.value.upper(),
                self._files,
                self._limit,
                more,
            )


def open_file_quotas(protocols: Iterable[RelayProtocol]) -> dict[RelayProtocol, OpenFileQuota]:
    """Raise the process's limit of open files, and divide it equally among the protocols."""
    limit = raise_open_file_limit(_FILES_WANTED)
    used = sorted(set(protocols), key=lambda protocol: protocol.value)
    quota = (limit - min(_FILES_RESERVED, limit // 4)) // max(1, len(used))
    return {protocol: OpenFileQuota(protocol, quota, limit) for protocol in used}
