"""The teacher's page over HTTP: its secret, the state of a class, and its actions."""

import asyncio
import http.client
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from game.match.pitch import PitchSize
from game.web.page_files import page_files
from game.web.teacher_actions import ACTIONS, ActionError, action_to_json, read_action
from tests.game.support import playing, until
from tests.game.web.hosts import LOOPBACK, TEACHER_SECRET, Host, hosting

WITHIN_S = 60.0
SECRET = f"Bearer {TEACHER_SECRET}"
CLASS, ACT = "/api/teacher/class", "/api/teacher/actions"
RESULTS = "/api/teacher/results.zip"

EXAMPLES = [
    {"action": "link", "values": {"link": "wifi,loss=10%", "player": None}},
    {"action": "burst", "values": {"seconds": 1, "player": "abc"}},
    {"action": "move", "values": {"transport": "udp", "player": None}},
    {"action": "move", "values": {"transport": None, "player": None}},
    {"action": "blind", "values": {"stage": "begin"}},
    {"action": "say", "values": {"text": "vote now"}},
    {"action": "send-out", "values": {"player": "abc"}},
    {"action": "pause", "values": {"on": True}},
    {"action": "bots", "values": {"count": 6}},
    {"action": "limits", "values": {"minutes": 8.0, "goals": 3, "pitch": "small"}},
    {"action": "order", "values": {"what": "restart"}},
]
BAD = [
    {"action": "link", "values": {"link": "wify", "player": None}},
    {"action": "link", "values": {"link": "wifi"}},
    {"action": "burst", "values": {"seconds": 60, "player": None}},
    {"action": "bots", "values": {"count": -1}},
    {"action": "limits", "values": {"minutes": 0, "goals": 3, "pitch": "small"}},
    {"action": "limits", "values": {"minutes": 5, "goals": 100, "pitch": "small"}},
    {"action": "limits", "values": {"minutes": 5, "goals": 1, "pitch": "huge"}},
    {"action": "limits", "values": {"minutes": 5, "goals": 1}},
    {"action": "blind", "values": {"stage": "peek"}},
    {"action": "stop", "values": {}},
    {"action": ["link"], "values": {}},
    {"action": "say"},
    [],
    None,
]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosting(has_class=True) as running:
        yield running


def fetch(host: Host, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(LOOPBACK, host.http.port, timeout=60)
    connection.request("GET", path, headers={"Authorization": SECRET})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


def ask(
    host: Host, path: str, secret: str | None = SECRET, body: str | None = None
) -> tuple[int, str]:
    connection = http.client.HTTPConnection(LOOPBACK, host.http.port, timeout=60)
    headers = {"Authorization": secret} if secret else {}
    connection.request("GET" if body is None else "POST", path, body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def act(host: Host, name: str, **values: object) -> None:
    body = json.dumps({"action": name, "values": values})
    assert ask(host, ACT, body=body) == (202, "passed on\n")


def state_when(host: Host, condition: Callable[[dict], object]) -> dict:
    """Return the state of the class as soon as it fulfils a condition."""
    deadline = time.perf_counter() + WITHIN_S
    while True:
        status, text = ask(host, CLASS)
        if status == 200 and condition(state := json.loads(text)):
            return state
        assert time.perf_counter() < deadline, text
        time.sleep(0.05)


async def state_soon(host: Host, condition: Callable[[dict], object]) -> dict:
    """Do the same in a thread, while the event loop plays."""
    return await asyncio.to_thread(state_when, host, condition)


@pytest.mark.parametrize("plain", EXAMPLES)
def test_an_action_survives_the_pipe(plain):
    action = read_action(plain)
    assert action_to_json(action) == plain
    assert read_action(json.loads(json.dumps(action_to_json(action)))) == action


def test_every_action_has_an_example():
    assert {each["action"] for each in EXAMPLES} == set(ACTIONS)


@pytest.mark.parametrize("plain", BAD)
def test_a_wrong_action_is_refused_in_one_line(plain):
    with pytest.raises(ActionError) as error:
        read_action(plain)
    assert "\n" not in str(error.value)
    assert "the file" not in str(error.value)


def test_an_unknown_link_names_the_nearest(host):
    body = json.dumps(BAD[0])
    status, text = ask(host, ACT, body=body)
    assert (status, text) == (400, "there is no link 'wify'; did you mean wifi?\n")


@pytest.mark.parametrize("secret", [None, "Bearer ", "Bearer wrong", TEACHER_SECRET, f"{SECRET}x"])
def test_without_the_secret_nothing_is_told_or_done(host, secret):
    for path, body in ((CLASS, None), (RESULTS, None), (ACT, json.dumps(EXAMPLES[0]))):
        status, text = ask(host, path, secret, body)
        assert status == 403
        assert TEACHER_SECRET not in text


def test_a_huge_action_is_refused(host):
    status, _text = ask(host, ACT, body=json.dumps({"action": "say", "values": "x" * 10_000}))
    assert status == 400


def test_garbage_is_refused(host):
    assert ask(host, ACT, body="[" * 2000)[0] == 400
    assert ask(host, ACT, body="\xff")[0] == 400


def test_the_page_and_its_files_are_served_to_everybody(host):
    assert (
        ask(host, "/teacher", None)[1] == page_files("teacher_page")["index.html"].content.decode()
    )
    for name in page_files("teacher_page"):
        assert ask(host, f"/teacher/{name}", None)[0] == 200
    assert ask(host, "/teacher/nothing.js", None)[0] == 404


def test_the_teachers_page_names_no_other_address():
    for name, file in page_files("teacher_page").items():
        assert b"://" not in file.content, name


async def test_the_state_is_what_the_clients_report(host):
    port = host.server.base_port
    async with playing(port, "udp") as player:
        act(host, "link", link="delay=10ms", player=None)
        await until(lambda: "10 ms" in player.look().link_label)

        async def draw() -> None:
            while True:
                player.look()
                await asyncio.sleep(1 / 60)

        drawing = asyncio.create_task(draw())
        state = await state_soon(
            host, lambda s: s["students"] and s["students"][0]["visual_error"] is not None
        )
        drawing.cancel()
        (student,) = state["students"]
        assert (student["name"], student["transport"]) == ("Ana", "udp")
        assert (state["link"], student["link"]) == ("delay=10ms", "delay=10ms")
        assert state["has_relay"]
        assert 0 <= student["frozen_ratio"] <= 1
        act(host, "move", transport="tcp", player=student["id"])
        await until(lambda: player.look().transport == "tcp")
        act(host, "link", link="none", player=None)
        await state_soon(host, lambda s: s["link"] == "none")


async def results_of(host: Host) -> tuple[int, bytes]:
    """Fetch the results; again if a busy machine makes them longer than a request may take."""
    while True:
        with suppress(http.client.RemoteDisconnected):
            return await asyncio.to_thread(fetch, host, f"{RESULTS}?lang=es")


async def test_the_results_hold_who_was_there(host, caplog):
    caplog.set_level("INFO", "game.server.classroom")
    async with playing(host.server.base_port, "udp"):
        await state_soon(host, lambda s: s["students"] and s["students"][0]["measured_s"])
        status, packed = await results_of(host)
        assert status == 200
        archive = zipfile.ZipFile(io.BytesIO(packed))
        (name,) = (each for each in archive.namelist() if each.endswith("results.json"))
        results = json.loads(archive.read(name))
        assert ("Ana", "udp") in {(run["student"], run["transport"]) for run in results["students"]}
        page = archive.read(name.replace("results.json", "report.html")).decode()
        assert "resultados de una clase" in page
        await until(lambda: "takes the results" in caplog.text)


async def test_a_blind_test_from_vote_to_reveal(host):
    async with playing(host.server.base_port, "tcp") as player:
        act(host, "blind", stage="begin")
        await until(lambda: player.look().blind_choices == ("tcp", "udp", "websocket"))
        # The players' table names no transport meanwhile, in no answer.
        status, text = await asyncio.to_thread(ask, host, "/api/players", None)
        assert status == 200
        player.client.vote("udp")
        state = await state_soon(host, lambda s: s["students"] and s["students"][0]["vote"])
        assert state["blind_stage"] == "voting"
        assert state["students"][0]["vote"] == "udp"
        _status, text = await asyncio.to_thread(ask, host, "/api/players", None)
        assert [each["transport"] for each in json.loads(text)] == [""]
        act(host, "blind", stage="reveal")
        await until(lambda: not player.look().blind_choices)
        act(host, "blind", stage="end")
        await state_soon(host, lambda s: s["blind_stage"] == "off")


async def test_the_match_obeys(host):
    async with playing(host.server.base_port, "tcp") as player:
        act(host, "bots", count=5)
        await state_soon(host, lambda _: len(host.room().match.roster()) == 6)
        act(host, "pause", on=True)
        await state_soon(host, lambda s: s["is_paused"])
        clock_s = host.room().match.phase_s
        await until(lambda: player.look().status.name == "PLAYING")
        assert host.room().match.phase_s == clock_s
        act(host, "limits", minutes=8, goals=2, pitch="large")
        state = await state_soon(host, lambda s: s["minutes"] == 8)
        assert (state["goal_limit"], state["pitch"]) == (2, "large")
        assert host.room().match.world.pitch.size is PitchSize.MEDIUM
        # A client counts the remaining time from it.
        await until(lambda: player.look().scene.half_s == 240)
        act(host, "pause", on=False)
        act(host, "order", what="draw-teams")
        await until(lambda: player.look().scene.pitch.size is PitchSize.LARGE)
        act(host, "bots", count=0)
        await state_soon(host, lambda s: not s["is_paused"])
        await state_soon(host, lambda _: len(host.room().match.roster()) == 1)
