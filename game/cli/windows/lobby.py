"""The lobby of ``jitterball play``: choose a game, play it, and come back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter

from game.cli.errors import CliError, RefusedError, ScreenName, ScreenWanted
from game.cli.language import link_words, say
from game.cli.options.link import open_route, read_link
from game.cli.options.security import LOCAL_HOSTS, read_fingerprint
from game.cli.options.server_choice import server_for, typed_address
from game.cli.options.transports import DEFAULT_TRANSPORT, check_port, usable_transports
from game.cli.terminal.qr_code import qr_modules
from game.cli.windows.play_window import PRACTICE_BOTS, player_name, run_play_window
from game.client.client import Client
from game.client.game_finder import GameFinder
from game.client.settings import ClientSettings
from game.match.world import Team
from game.protocol.addresses import DEFAULT_PORT, format_host
from game.protocol.messages import JoinRequest
from game.protocol.names import DEFAULT_NAME, NAME_LIMIT, ROOM_LIMIT
from game.protocol.untrusted_text import sanitize_text
from game.runtime.network_thread import NetworkThread
from game.runtime.preferences import (
    Preferences,
    PreferencesError,
    change_preferences,
    preferences_file,
    read_preferences,
)
from game.server.hosted_server import HostedServer
from game.view.display import DisplayUnavailable
from game.view.lobby.choices import (
    HostedGame,
    HostingFailed,
    LobbyAction,
    LobbyChoice,
    LobbyGame,
    LobbySettings,
)
from game.view.lobby.screen import LobbyScreen
from game.view.texts import texts_for
from game.view.window import WindowResult, run_screen
from game.view.window_options import WindowOptions
from net.link.presets import PRESETS
from net.security.options import SecurityOptions
from net.session.messages import RefusalReason
from net.system.lan_addresses import lan_addresses
from net.transport import Address, TlsConfig, Transport

# Seconds of attempts to connect. Then the lobby says that nobody answers.
_SEARCH_S = 8.0


@dataclass(frozen=True, slots=True)
class LobbyOptions:
    """Options typed at ``play``: the window, and client settings that the lobby's choices complete.

    ``transport``: empty if none was typed.
    """

    window: WindowOptions
    client: ClientSettings
    transport: str = ""
    has_typed_name: bool = False


class NetworkLobby:
    """The ``LobbySource`` of the window: a search on the network, and a hosted server."""

    def __init__(self, transports: dict[str, Transport]) -> None:
        self.transports = tuple(transports)
        self.links = tuple(PRESETS)
        self.finder = GameFinder()
        self._server: HostedServer | None = None
        self._shown: HostedGame | None = None

    def games(self) -> tuple[LobbyGame, ...]:
        """Return the games that answer, without the one that this computer hosts."""
        return tuple(
            LobbyGame(
                title=found.announcement.title or found.host,
                host=format_host(found.host, found.announcement.port, DEFAULT_PORT).strip('"'),
                people=found.announcement.people,
                room_count=found.announcement.room_count,
                rooms=tuple(room.name for room in found.announcement.rooms),
                has_password=found.announcement.has_password,
                uses_tls=found.announcement.uses_tls,
                is_joinable=found.announcement.is_joinable,
                rtt_s=found.rtt_s,
            )
            for found in self.finder.games()
        )

    def start_hosting(self, bots: int, password: str) -> None:
        """Start a server in the background."""
        self.stop_hosting()
        self._server = HostedServer(bots, password)

    def stop_hosting(self) -> None:
        """End the server."""
        server, self._server, self._shown = self._server, None, None
        if server is not None:
            server.stop()

    def hosted(self) -> HostedGame | HostingFailed | None:
        """Return the hosted game, or why it could not start; None before either is known."""
        server = self._server
        if server is None:
            return None
        if server.failure:
            return HostingFailed(say(f"the server could not start: {server.failure}"))
        if server.address is not None and self._shown is None:
            self._shown = _hosted_game(server.address, server.page_port)
        return self._shown

    @property
    def hosted_address(self) -> Address | None:
        """The address of the hosted game for this computer; None while there is none."""
        return None if self._server is None else self._server.address


def _hosted_game(address: Address, page_port: int) -> HostedGame:
    found = lan_addresses().typed
    hosts = [format_host(host, address.port, DEFAULT_PORT) for host in found]
    url = f"http://{Address(found[0], page_port)}/" if found else ""
    return HostedGame(tuple(hosts), url, qr_modules(url) if url else ())


def open_lobby(window: WindowOptions) -> None:
    """Show the lobby with default options, when another screen asks for it."""
    join = JoinRequest(player_name(None), "")
    run_lobby(LobbyOptions(window, ClientSettings(Address("", 0), join)))


def run_lobby(options: LobbyOptions) -> None:
    """Show the lobby until the player closes it, and play what the player chooses.

    Raises ``CliError`` without a display, and ``ScreenWanted`` if the player chooses the
    comparison.
    """
    transports = usable_transports()
    settings = _first_settings(options, transports)
    error, needs_password = "", False
    with _lobby(transports) as lobby:
        while True:
            choice = _choose(lobby, settings, options.window, error, needs_password)
            if choice is None:
                return
            settings = replace(choice.settings, host=choice.host or choice.settings.host)
            _remember(settings)
            error, needs_password = "", False
            if choice.action is LobbyAction.COMPARE:
                raise ScreenWanted(ScreenName.COMPARE, options.window)
            try:
                result = play_choice(choice, lobby, transports, options)
            except CliError as failure:
                error = say(str(failure))
                needs_password = (
                    isinstance(failure, RefusedError) and failure.reason == RefusalReason.PASSWORD
                )
                continue
            if result is WindowResult.LEFT:
                return


@contextmanager
def _lobby(transports: dict[str, Transport]) -> Iterator[NetworkLobby]:
    lobby = NetworkLobby(transports)
    try:
        yield lobby
    finally:
        lobby.stop_hosting()


def _choose(
    lobby: NetworkLobby,
    settings: LobbySettings,
    window: WindowOptions,
    error: str,
    needs_password: bool,
) -> LobbyChoice | None:
    """Show the lobby; return the player's choice, None if the window was closed."""
    texts = texts_for(window.language)
    screens: list[LobbyScreen] = []

    def make_screen() -> LobbyScreen:
        screens.append(LobbyScreen(lobby, settings, texts, error, needs_password=needs_password))
        return screens[0]

    # The finder searches only while the lobby is open: probes would disturb a match that is
    # measured.
    with NetworkThread(lobby.finder.run):
        try:
            run_screen(make_screen, replace(window, gives_up=None))
        except DisplayUnavailable as failure:
            raise CliError(str(failure)) from failure
    return screens[0].choice


def play_choice(
    choice: LobbyChoice,
    lobby: NetworkLobby,
    transports: dict[str, Transport],
    options: LobbyOptions,
) -> WindowResult:
    """Play what was chosen. Raises ``CliError``."""
    chosen = choice.settings
    host: str | None = None
    if choice.action is LobbyAction.JOIN:
        host = choice.host
    elif choice.action is LobbyAction.PLAY_HOSTED and lobby.hosted_address is not None:
        host = str(lobby.hosted_address)
    is_private = choice.action is LobbyAction.PRACTISE
    security = SecurityOptions() if is_private else _security(choice, lobby)
    link = read_link(chosen.link) if chosen.link else None
    with server_for(host, PRACTICE_BOTS) as address:
        check_port(address.port, transports)
        with open_route(address, link, None, transports) as route:
            join = replace(
                options.client.join,
                name=sanitize_text(chosen.name, NAME_LIMIT) or DEFAULT_NAME,
                team=Team[chosen.team] if chosen.team else None,
                room="" if is_private else sanitize_text(chosen.room, ROOM_LIMIT),
            )
            settings = replace(
                options.client,
                address=address,
                join=join,
                link_label=route.label,
                relay=route.relay,
                security=security,
                link_words=link_words(),
            )
            deadline = perf_counter() + _SEARCH_S
            window = replace(
                options.window, has_lobby=True, gives_up=lambda: perf_counter() > deadline
            )
            return run_play_window(Client(transports, chosen.transport, settings), route, window)


def _security(choice: LobbyChoice, lobby: NetworkLobby) -> SecurityOptions:
    """Return the password, and TLS if the game has announced it or a fingerprint was typed.

    Raises ``CliError`` if that is no fingerprint.
    """
    if choice.action is LobbyAction.JOIN and (typed := choice.settings.fingerprint):
        tls = TlsConfig(fingerprint=read_fingerprint(typed), host=typed_address(choice.host).host)
        return SecurityOptions(choice.settings.password, tls)
    announced = next((game for game in lobby.games() if game.host == choice.host), None)
    if announced is None or not announced.uses_tls:
        return SecurityOptions(choice.settings.password)
    host = typed_address(choice.host).host
    return SecurityOptions(choice.settings.password, TlsConfig(host=host))


def _first_settings(options: LobbyOptions, transports: dict[str, Transport]) -> LobbySettings:
    """Return what was typed at the command, else what is remembered."""
    remembered = Preferences()
    try:
        remembered = read_preferences(preferences_file())
    except PreferencesError as error:
        print("jitterball:", say(f"the remembered choices are ignored: {error}"), file=sys.stderr)
    typed_name = options.client.join.name
    transport = options.transport or remembered.transport
    return LobbySettings(
        name=typed_name if options.has_typed_name else remembered.name or typed_name,
        transport=transport if transport in transports else DEFAULT_TRANSPORT,
        link=remembered.link if remembered.link in PRESETS else "",
        host=remembered.host,
        room=options.client.join.room,
        team="" if options.client.join.team is None else options.client.join.team.name,
        password=options.client.security.password,
    )


def _remember(settings: LobbySettings) -> None:
    """Store name, transport and link, and the host unless it is this computer."""
    changes = {"name": settings.name, "transport": settings.transport, "link": settings.link}
    if settings.host.partition(":")[0] not in LOCAL_HOSTS:
        changes["host"] = settings.host
    try:
        change_preferences(preferences_file(), **changes)
    except PreferencesError as error:
        print("jitterball:", say(f"the choices are not remembered: {error}"), file=sys.stderr)
