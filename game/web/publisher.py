"""The statistics that a game server sends to its HTTP process, once a second."""

from importlib.metadata import version
from time import perf_counter

from game.server.room_stats import room_stats
from game.server.server import GameServer
from game.server.stats import ServerStats
from game.web import api_values
from game.web.class_info_builder import build_class_info
from game.web.http_process import HttpProcess
from game.web.http_protocol import Publication
from game.web.link_losses import LinkLosses

VERSION = version("jitterball")


class Publisher:
    """Publisher of the statistics of ``server``; ``websocket_port`` is None where it has none.

    All methods belong to the thread of the game server, and never wait.
    """

    def __init__(self, http: HttpProcess, server: GameServer, websocket_port: int | None) -> None:
        self._http = http
        self._server = server
        self._websocket_port = websocket_port
        self._started_at = perf_counter()
        self._ticks: list[tuple[float, float]] = []
        self._losses = LinkLosses()

    @property
    def port(self) -> int:
        """The port that HTTP is served on."""
        return self._http.port

    def _offset_of(self, port: int | None) -> int | None:
        """Return how much larger a port is than that of HTTP."""
        return None if port is None else port - self.port

    def _certificate_hashes(self) -> tuple[bytes, ...]:
        listeners = self._server.listeners
        return tuple(each for listener in listeners for each in listener.certificate_hashes)

    def record_tick(self, lateness_s: float, duration_s: float) -> None:
        """Count a tick in the next publication."""
        self._ticks.append((lateness_s, duration_s))

    def update(self, stats: ServerStats) -> None:
        """Publish ``stats``, and the rooms as they are now."""
        settings = self._server.settings
        rooms = [room_stats(room) for room in self._server.rooms.values()]
        info = api_values.server_info(
            stats,
            version=VERSION,
            uptime_s=perf_counter() - self._started_at,
            websocket_offset=self._offset_of(self._websocket_port),
            reference_offset=self._offset_of(self._server.reference_port),
            certificate_hashes=self._certificate_hashes(),
            requires_password=bool(settings.password),
            is_encrypted=settings.sockets.tls is not None,
            chat=settings.chat,
            pause=settings.pause,
            snapshot_hz=settings.snapshot_hz,
        )
        classroom = self._server.classroom
        if classroom.relay is not None:
            self._losses.record(perf_counter(), classroom.relay.connections())
        ticks, self._ticks = self._ticks, []
        self._http.publish(
            Publication(
                info,
                api_values.room_infos(rooms),
                api_values.player_infos(
                    stats.players, hides_transports=classroom.blind_test.is_voting
                ),
                api_values.result_infos(rooms),
                stats,
                ticks,
                build_class_info(classroom, stats, self._losses.ratios(), settings.room.match),
            )
        )
