"""net/link/relay/route.py."""

from dataclasses import replace

from net.link.relay.process import RelayProcess
from net.link.relay.settings import LOOPBACK
from net.link.spec import link_label
from net.transport import Address


class EmulatedRoute:
    """How a server is reached: through a relay that emulates a link, or straight."""

    def __init__(self, process: RelayProcess | None = None, seed: int = 0) -> None:
        self._process = process
        self._seed = seed

    @property
    def relay(self) -> Address | None:
        """Where the relay listens; None without one."""
        return Address(LOOPBACK, self._process.port) if self._process else None

    @property
    def label(self) -> str:
        """What is said of the link as it is now; nothing without one."""
        return link_label(self._process.link, self._seed) if self._process else ""

    def set_nagle(self, is_on: bool) -> None:
        """Let both modelled senders wait to fill a segment, or not (RFC 896).

        Without a relay nothing happens: then it is for the real sockets.
        """
        if self._process is not None:
            link = self._process.link
            up, down = replace(link.up, nagle=is_on), replace(link.down, nagle=is_on)
            self._process.set_link(replace(link, up=up, down=down))
