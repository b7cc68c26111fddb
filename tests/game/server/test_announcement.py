"""Announcements of a server, and cases in which it makes none."""

from dataclasses import replace

from game.cli.options import announcement as option
from game.cli.options.announcement import announcing
from game.protocol.announcement import RoomLine, decode_announcement
from game.protocol.messages import JoinRequest
from game.server.announcement import announcement_of
from game.server.settings import ServerSettings
from tests.game.support import playing, serving


async def test_an_announcement_counts_people_by_room():
    async with (
        serving(ServerSettings(port=0, password="")) as server,
        playing(server.base_port, request=JoinRequest("Ana", "two")),
        playing(server.base_port, request=JoinRequest("Bob", "one", watch=True)),
    ):
        announced = announcement_of(server, "id", "laptop", "")
    assert announced.rooms == (RoomLine("two", 1), RoomLine("one", 0))
    assert (announced.people, announced.room_count, announced.has_password) == (1, 2, False)
    assert announced.transports == ("tcp", "udp", "websocket")
    assert announced.is_joinable


class Announcers:
    """Announcers that open no socket."""

    def __init__(self):
        self.bodies = []

    def __call__(self, describe):
        self.bodies.append(describe())
        self.port = 1
        return self

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return None


async def test_only_a_server_that_others_reach_is_announced(monkeypatch):
    announcers = Announcers()
    monkeypatch.setattr(option, "Announcer", announcers)
    async with serving() as server:
        async with announcing(server, True):
            assert not announcers.bodies
        monkeypatch.setattr(option, "is_local_only", lambda server: False)
        async with announcing(server, False):
            assert not announcers.bodies
        async with announcing(server, True):
            (body,) = announcers.bodies
        assert decode_announcement(body).host == "127.0.0.1"
        server.settings = replace(server.settings, host="")
        async with announcing(server, True):
            assert decode_announcement(announcers.bodies[-1]).host == ""
