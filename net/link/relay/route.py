"""Route of a client to its server: direct, or through a relay that emulates a link."""

from dataclasses import replace
from time import monotonic

from net.link.label import ENGLISH_LINK_WORDS, LinkWords, link_label
from net.link.packet_log import FlowLog, PacketLogBuffer
from net.link.relay.relay_process import RelayProcess
from net.link.relay.settings import LOOPBACK
from net.transport import Address

__all__ = ["EmulatedRoute"]


class EmulatedRoute:
    """Route to a server through the relay ``process``, or direct without one.

    The caller owns the process. ``words`` are those of the label. ``log`` gets the packet log of
    the process, empty without one.
    """

    def __init__(
        self,
        process: RelayProcess | None = None,
        seed: int = 0,
        words: LinkWords = ENGLISH_LINK_WORDS,
        log: PacketLogBuffer | None = None,
    ) -> None:
        self._process = process
        self._seed = seed
        self._words = words
        self._log = log

    @property
    def relay(self) -> Address | None:
        """Address of the relay; None without one."""
        return Address(LOOPBACK, self._process.port) if self._process else None

    @property
    def label(self) -> str:
        """Label of the link as it is now; empty without a relay."""
        if self._process is None:
            return ""
        return link_label(self._process.link, self._seed, self._words, monotonic())

    def packet_log(self) -> list[FlowLog]:
        """Return the packets of the link since the last call (``net.link.packet_log``)."""
        return [] if self._log is None else self._log.drain()

    def set_nagle(self, is_on: bool) -> None:
        """Switch Nagle's algorithm of both modelled senders (RFC 896).

        Without a relay nothing happens. The real sockets have their own option.
        """
        if self._process is not None:
            link = self._process.link
            up, down = replace(link.up, nagle=is_on), replace(link.down, nagle=is_on)
            self._process.set_link(replace(link, up=up, down=down))
