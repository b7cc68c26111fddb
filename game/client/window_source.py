"""game/client/window_source.py."""

from dataclasses import replace

from game.client.client import Client
from game.client.frame import Frame
from game.client.netcode import NetcodeSettings
from game.match.controls import Controls
from game.runtime.network_thread import NetworkThread
from net.link.relay.route import EmulatedRoute


class WindowSource:
    """A client as a window wants it, which also says when the network's thread has failed."""

    def __init__(self, client: Client, way: EmulatedRoute, network: NetworkThread) -> None:
        self.transports = client.transports
        self._client = client
        self._way = way
        self._network = network

    def frame(self, now: float) -> Frame:
        self._network.check()
        return replace(self._client.frame(now), link_badge=self._way.label)

    @property
    def nagle(self) -> bool:
        return self._client.request.nagle

    def set_nagle(self, is_on: bool) -> None:
        # With a link the real sockets keep TCP_NODELAY: between us and the relay there is no wait.
        self._way.set_nagle(is_on)
        nagle = is_on and self._way.relay is None
        self._client.request = replace(self._client.request, nagle=nagle)

    def set_unreliable_events(self, is_on: bool) -> None:
        self._client.request = replace(self._client.request, unreliable_events=is_on)

    def set_controls(self, controls: Controls) -> None:
        self._client.set_controls(controls)

    @property
    def netcode(self) -> NetcodeSettings:
        return self._client.netcode

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        self._client.netcode = netcode

    def switch(self, transport: str) -> None:
        self._client.switch(transport)
