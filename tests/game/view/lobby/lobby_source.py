"""A lobby source whose games and hosted server a test decides."""

from game.view.lobby.choices import HostedGame, HostingFailed, LobbyGame


def game(title: str = "laptop", **fields: object) -> LobbyGame:
    values: dict[str, object] = {
        "title": title,
        "host": f"192.168.1.{len(title)}",
        "people": 3,
        "room_count": 1,
        "rooms": ("main",),
        "has_password": False,
        "uses_tls": False,
        "is_joinable": True,
        "rtt_s": 0.0012,
    }
    return LobbyGame(**{**values, **fields})  # type: ignore[arg-type]


HOSTED = HostedGame(
    ("192.168.1.38",),
    "http://192.168.1.38:7780/",
    tuple(tuple((x * y) % 3 == 0 for x in range(25)) for y in range(25)),
)


class FakeLobby:
    """Records what the screen asks for."""

    transports = ("tcp", "udp", "websocket")
    links = ("lossy", "wifi")

    def __init__(self, *games: LobbyGame) -> None:
        self.found = games
        self.hosting: HostedGame | HostingFailed | None = None
        self.asked: list[object] = []

    def games(self) -> tuple[LobbyGame, ...]:
        return self.found

    def start_hosting(self, bots: int, password: str) -> None:
        self.asked.append((bots, password))

    def stop_hosting(self) -> None:
        self.hosting = None
        self.asked.append("stop")

    def hosted(self) -> HostedGame | HostingFailed | None:
        return self.hosting
