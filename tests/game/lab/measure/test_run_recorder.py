"""How long a measurement waits for its clients."""

import asyncio
from types import SimpleNamespace

import pytest

from game.client.frame import Status
from game.lab import join_timeout
from game.lab.measure.run_recorder import RunRecorder
from net.link.spec import parse_link


def joining(was_answered):
    return SimpleNamespace(
        status=Status.CONNECTING,
        status_text="no answer yet",
        observers=[],
        connector=SimpleNamespace(was_answered=was_answered),
    )


def recorder_of(client, link=None):
    settings = SimpleNamespace(link=link)
    return RunRecorder(
        SimpleNamespace(clients={"udp": client}, reference=None, settings=settings), 1.0
    )


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch):
    monkeypatch.setattr(join_timeout, "JOIN_TIMEOUT_S", 0.0)


async def test_a_client_that_a_far_server_has_answered_gets_more_time():
    client = joining(was_answered=True)
    recorder = recorder_of(client)
    running = asyncio.ensure_future(recorder.run())
    for _ in range(3):
        await asyncio.sleep(0)
    assert not recorder.is_over
    client.status = Status.REFUSED
    await running
    assert recorder.refused == {"udp"}


@pytest.mark.parametrize(("was_answered", "link"), [(False, None), (True, parse_link("loss=5%"))])
async def test_a_server_that_is_not_there_is_not_waited_for(was_answered, link):
    recorder = recorder_of(joining(was_answered), link)
    await recorder.run()
    assert recorder.failures == {"udp": "no answer yet"}
    assert not recorder.refused
