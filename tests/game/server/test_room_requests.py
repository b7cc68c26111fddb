"""Requests of clients to their rooms, over real sockets and by message."""

from random import Random
from time import perf_counter

import pytest

from game.match.pitch import PitchSize
from game.match.world import Team
from game.protocol.encoding import encode_room_request
from game.protocol.messages import (
    CHAT_LIMIT,
    ChatLine,
    JoinRequest,
    PauseChanged,
    RoomAction,
    RoomRequest,
)
from game.server.room import Room, RoomSettings
from game.server.room_requests import RoomRights, answer_room_request
from game.server.settings import ServerSettings
from game.server.slot import REQUESTS_BURST, PlayerSlot
from net.codec import MSGPACK
from net.errors import DecodeError
from net.session.slots import SlotTable
from tests.game.support import TRANSPORTS, playing, serving, until

every_transport = pytest.mark.parametrize("transport", TRANSPORTS)


ALL_RIGHTS = RoomRights()


class Connection:
    """A connection that keeps the events it was given."""

    def __init__(self):
        self.events = []

    def send_event(self, event):
        self.events.append(event)


@pytest.fixture
def slots():
    room = Room("main", RoomSettings(), seed=1)
    table = SlotTable(Random(1))
    made = [
        table.create(PlayerSlot(room, room.join(name, "udp"), MSGPACK, 2, Connection()))
        for name in ("Ana", "Eva")
    ]
    room.step()
    return made


def ask(slot, action, text="", now=0.0, rights=ALL_RIGHTS):
    body = encode_room_request(RoomRequest(action, text), MSGPACK)
    answer_room_request(slot, body, rights, now)


@every_transport
async def test_a_player_changes_sides_watches_and_comes_back(transport):
    async with serving() as server, playing(server.base_port, transport) as ana:
        ana.client.ask_room(RoomRequest(RoomAction.WATCH))
        await until(lambda: ana.look().own_id is None)
        ana.client.ask_room(RoomRequest(RoomAction.PLAY_SKY))
        await until(lambda: ana.look().own_id is not None)
        room = server.rooms["main"]
        assert room.match.roster()[ana.look().own_id].team is Team.SKY
        assert ana.client.request.team is Team.SKY


async def test_a_line_of_chat_reaches_everybody_in_the_room():
    async with (
        serving() as server,
        playing(server.base_port, "tcp") as ana,
        playing(server.base_port, "udp", JoinRequest("Eva", "main")) as eva,
    ):
        ana.client.ask_room(RoomRequest(RoomAction.CHAT, "hello\x1b \u202e there"))
        for player in (ana, eva):
            await until(
                lambda player=player: (
                    player.look() and any(isinstance(e, ChatLine) for e in player.events)
                )
            )
            (line,) = (e for e in player.events if isinstance(e, ChatLine))
            assert (line.name, line.text) == ("Ana", "hello there")


async def test_without_chat_the_writer_is_told():
    settings = ServerSettings(port=0, chat=False)
    async with serving(settings) as server, playing(server.base_port) as ana:
        ana.client.ask_room(RoomRequest(RoomAction.CHAT, "hello"))
        await until(
            lambda: ana.look() and any(getattr(e, "text", "").endswith("chat") for e in ana.events)
        )
        assert not any(isinstance(e, ChatLine) for e in ana.events)


def test_who_is_there_longest_stops_the_match_and_others_are_told_who(slots):
    ana, eva = slots
    room = ana.owner.room
    ask(eva, RoomAction.PAUSE)
    assert not room.is_paused
    assert len(eva.owner.connection.events) == 1
    assert ana.owner.connection.events == []
    ask(ana, RoomAction.PAUSE)
    assert room.is_paused
    ask(ana, RoomAction.GO_ON)
    assert [type(event) for event in room.step()] == [PauseChanged, PauseChanged]
    room.leave(ana.owner.member)
    ask(eva, RoomAction.PAUSE)
    assert room.is_paused


def test_in_a_class_no_player_stops_the_match(slots):
    ask(slots[0], RoomAction.PAUSE, rights=RoomRights(pause=False))
    assert not slots[0].owner.room.is_paused


def test_who_is_there_longest_sets_the_length_and_the_goal_limit(slots):
    ana, eva = slots
    match = ana.owner.room.match
    before = match.settings
    ask(eva, RoomAction.SET_MINUTES, "10")
    now = perf_counter()
    for number, text in enumerate(("", "0", "121", "-1", "1e1", "\u0663", "9" * 100)):
        ask(ana, RoomAction.SET_MINUTES, text, now=now + number)
    assert len(ana.owner.connection.events) == 7
    assert match.settings == before
    ask(ana, RoomAction.SET_GOAL_LIMIT, "3", now=now + 60.0, rights=RoomRights(pause=False))
    assert match.settings == before
    ask(ana, RoomAction.SET_MINUTES, "10", now=now + 120.0)
    ask(ana, RoomAction.SET_GOAL_LIMIT, "3", now=now + 120.0)
    assert (match.settings.half_s, match.settings.goal_limit) == (300.0, 3)


def test_who_is_there_longest_chooses_the_next_pitch(slots):
    ana, eva = slots
    match = ana.owner.room.match
    ask(eva, RoomAction.SET_PITCH, "0")
    for text in ("3", "small", ""):
        ask(ana, RoomAction.SET_PITCH, text)
    assert match.settings.pitch_size is PitchSize.MEDIUM
    assert len(ana.owner.connection.events) == 3
    ask(ana, RoomAction.SET_PITCH, "0")
    assert match.settings.pitch_size is PitchSize.SMALL
    assert match.world.pitch.size is PitchSize.MEDIUM


def test_long_lines_are_cut_and_empty_ones_dropped(slots):
    ask(slots[0], RoomAction.CHAT, "a" * 300)
    ask(slots[0], RoomAction.CHAT, " \u200b ")
    (line,) = slots[0].owner.room.step()
    assert line.text == "a" * CHAT_LIMIT


def test_requests_that_come_too_often_are_dropped(slots):
    ana, eva = slots
    for _ in range(20):
        ask(ana, RoomAction.CHAT, "spam")
    ask(eva, RoomAction.CHAT, "still heard")
    lines = [event for event in ana.owner.room.step() if isinstance(event, ChatLine)]
    assert len(lines) == REQUESTS_BURST + 1
    assert lines[-1].text == "still heard"


def test_a_full_match_is_a_notice(slots):
    ana, _ = slots
    room = ana.owner.room
    room.watch(ana.owner.member)
    while room.player_count < 40:
        room.join("Leo", "udp")
    ask(ana, RoomAction.PLAY_SKY)
    assert len(ana.owner.connection.events) == 1


@pytest.mark.parametrize("body", [b"\x07", b"\x07\x90", b"\x07\x91\x63", b"\x07\x92\x05\x01"])
def test_a_request_that_cannot_be_read_is_a_decode_error(slots, body):
    with pytest.raises(DecodeError):
        answer_room_request(slots[0], body, RoomRights(), 0.0)
