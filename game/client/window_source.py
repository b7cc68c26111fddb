"""Source of frames for a window: a client, its emulated link and its network thread."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic, perf_counter

from game.client.client import Client
from game.client.frame import Frame
from game.client.netcode import NetcodeSettings
from game.match.controls import Controls
from game.protocol.messages import GameEvent, Notice, RoomRequest
from game.runtime.network_thread import NetworkThread
from net.link.packet_log import FlowLog
from net.link.relay.route import EmulatedRoute


class WindowSource:
    """The ``Source`` of a play screen. All methods belong to the screen's thread.

    ``route`` is the way to the server, with a relay if a link is emulated.
    ``translate`` puts a line of a server or an error into the language of the window.
    ``packet_clock_offset_s`` takes a time of the packet log to the clock of ``frame``.
    """

    def __init__(
        self,
        client: Client,
        route: EmulatedRoute,
        network: NetworkThread,
        translate: Callable[[str], str] = str,
    ) -> None:
        self.transports = client.transports
        self._client = client
        self._route = route
        self._network = network
        self._translate = translate
        # The log has the clock that all processes share, the frames the finer one of this process.
        self.packet_clock_offset_s = perf_counter() - monotonic()

    def frame(self, now: float) -> Frame:
        """Return what to draw at ``now``, in seconds of ``perf_counter``.

        Raises what ended the network thread, so that the window does not draw on without it.
        """
        self._network.check()
        frame = self._client.frame(now)
        # The label of the route, not of the settings: the link may change while one plays. The
        # server may emulate another link before itself.
        labels = filter(None, (self._route.label, self._client.server_link_label))
        return replace(
            frame,
            link_label=" + ".join(labels),
            status_text=self._translate(frame.status_text),
            events=tuple(map(self._in_language, frame.events)),
        )

    def _in_language(self, event: GameEvent) -> GameEvent:
        """Return an event with its line of text, if it is one, in the language of the window."""
        return replace(event, text=self._translate(event.text)) if type(event) is Notice else event

    @property
    def nagle(self) -> bool:
        """True if Nagle's algorithm is on in the client's join request."""
        return self._client.request.nagle

    def set_nagle(self, is_on: bool) -> None:
        """Turn Nagle's algorithm (RFC 896) on or off at both ends."""
        # With an emulated link the relay's model applies Nagle. The real sockets between us and
        # the relay keep TCP_NODELAY, or the delay would be counted twice.
        self._route.set_nagle(is_on)
        nagle = is_on and self._route.relay is None
        self._client.request = replace(self._client.request, nagle=nagle)

    def packet_log(self) -> list[FlowLog]:
        """Return the packets of the link since the last call (``net.link.packet_log``)."""
        return self._route.packet_log()

    def set_unreliable_events(self, is_on: bool) -> None:
        """Request kicks and goals as LATEST, or as RELIABLE."""
        self._client.request = replace(self._client.request, unreliable_events=is_on)

    def ask_room(self, request: RoomRequest) -> None:
        """Ask the room for another team, to watch, for a pause, or to show a line of chat."""
        self._client.ask_room(request)

    def set_controls(self, controls: Controls) -> None:
        """Hold these controls from the next tick on."""
        self._client.set_controls(controls)

    @property
    def netcode(self) -> NetcodeSettings:
        """The compensation for network delay."""
        return self._client.netcode

    def set_netcode(self, netcode: NetcodeSettings) -> None:
        """Replace the compensation for network delay."""
        self._client.netcode = netcode

    def vote(self, transport: str) -> None:
        """Send a vote in a blind test."""
        self._client.vote(transport)

    def switch(self, transport: str) -> None:
        """Begin to move the player to another transport."""
        self._client.switch(transport)
