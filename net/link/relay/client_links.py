"""Links of the clients of a relay: one for all, and links of their own for some.  [pure]"""

from dataclasses import replace

from net.link.profile import Link, LinkProfile
from net.link.relay.settings import RelayClient

__all__ = ["ClientLinks"]


class ClientLinks:
    """The link of each client, bursts included.

    ``link`` is that of all that have none of their own.
    A client without a connection keeps its link: it may come back from the same address.
    """

    def __init__(self, link: Link) -> None:
        self.link = link
        self._own: dict[RelayClient, Link] = {}
        self._is_burst_for_all = False
        self._in_burst: set[RelayClient] = set()

    def set_link(self, link: Link, client: RelayClient | None) -> None:
        """Set the link of one client, or that of all without one of their own."""
        if client is None:
            self.link = link
        else:
            self._own[client] = link

    def clear_link(self, client: RelayClient) -> None:
        """Give a client the link of all."""
        self._own.pop(client, None)

    def set_burst(self, is_on: bool, client: RelayClient | None) -> None:
        """Begin or end the loss of every packet, of one client or of all."""
        if client is None:
            self._is_burst_for_all = is_on
        elif is_on:
            self._in_burst.add(client)
        else:
            self._in_burst.discard(client)

    def link_of(self, client: RelayClient) -> Link:
        """Return the link of a client now."""
        link = self._own.get(client, self.link)
        if self._is_burst_for_all or client in self._in_burst:
            return replace(link, up=_all_lost(link.up), down=_all_lost(link.down))
        return link


def _all_lost(profile: LinkProfile) -> LinkProfile:
    return replace(profile, loss_ratio=1.0)
