"""Disqualification of a bot that sends nothing any more, or far too much.  [pure]"""

from collections.abc import Sequence

from net.link.stats import ConnectionStats

# A bot that plays sends 30 messages a second or more.
SILENCE_LIMIT_S = 5.0
# One that plays sends fewer than 100 packets a second. The server ends a connection at 500.
FLOOD_PACKETS_PER_S = 400.0
FLOOD_INTERVAL_S = 3.0


class BotTraffic:
    """What the relay of one bot has carried for it, and what that says of the bot.

    ``packets`` from the bot, over all its ``connections`` so far.
    """

    def __init__(self) -> None:
        self.packets = 0
        self._sent: dict[tuple[str, int, int], int] = {}
        self._heard_at = 0.0
        self._rate_at = 0.0
        self._rate_packets = 0

    @property
    def connections(self) -> int:
        """Number of connections that the bot has opened."""
        return len(self._sent)

    def begin(self, now: float) -> None:
        """Judge the bot from now on: it has joined."""
        self._heard_at = self._rate_at = now

    def count(self, stats: Sequence[ConnectionStats], now: float) -> None:
        """Count what the relay has carried."""
        for each in stats:
            self._sent[each.kind.value, each.port, each.number] = each.up.sent
        packets = sum(self._sent.values())
        if packets > self.packets:
            self.packets, self._heard_at = packets, now

    def disqualification(self, now: float) -> str:
        """Return why the bot is disqualified; empty if it is not. Call it several times a second.

        The rate is that of a whole ``FLOOD_INTERVAL_S``: a burst alone is no flood.
        """
        if now - self._heard_at > SILENCE_LIMIT_S:
            return f"it hangs: it sent nothing for {SILENCE_LIMIT_S:g} s"
        if now - self._rate_at > FLOOD_INTERVAL_S:
            rate = (self.packets - self._rate_packets) / (now - self._rate_at)
            self._rate_at, self._rate_packets = now, self.packets
            if rate > FLOOD_PACKETS_PER_S:
                return f"it floods the server: {rate:.0f} packets/s"
        return ""
