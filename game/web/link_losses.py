"""Losses on the links of a class, by client.  [pure]"""

from collections.abc import Iterable

from game.client.wire_loss import WireLoss
from net.link.relay.settings import RelayClient
from net.link.stats import ConnectionStats


class LinkLosses:
    """Losses on the links of a relay in the last minute, by client."""

    def __init__(self) -> None:
        self._losses: dict[RelayClient, WireLoss] = {}

    def record(self, now: float, connections: Iterable[ConnectionStats]) -> None:
        """Add a reading of the relay's counters."""
        present = {RelayClient(each.kind, each.client): each for each in connections}
        for gone in self._losses.keys() - present.keys():
            del self._losses[gone]
        for client, stats in present.items():
            self._losses.setdefault(client, WireLoss()).record(now, stats)

    def ratios(self) -> dict[RelayClient, float]:
        """Return the share of packets lost on the way to each client that was sent any."""
        ratios = {client: loss.ratio for client, loss in self._losses.items()}
        return {client: ratio for client, ratio in ratios.items() if ratio == ratio}
