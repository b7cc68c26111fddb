"""Tests of switching: no request is lost while a switch is under way, and the last one counts."""

import asyncio

from game.client.transport_switch import TransportSwitch
from net.errors import ConnectError


class SlowServer:
    """Opens connections one by one, when the test lets it."""

    def __init__(self) -> None:
        self.transport = "tcp"
        self.opened: list[str] = []
        self.failures: list[str] = []
        self._attempts: asyncio.Queue[asyncio.Future[None]] = asyncio.Queue()
        self.switch = TransportSwitch(
            self._open, lambda: self.transport, lambda name, error: self.failures.append(name)
        )

    async def _open(self, transport: str) -> None:
        self.opened.append(transport)
        attempt = asyncio.get_running_loop().create_future()
        self._attempts.put_nowait(attempt)
        await attempt
        self.transport = transport

    async def answer(self, error: Exception | None = None) -> None:
        attempt = await self._attempts.get()
        if error is None:
            attempt.set_result(None)
        else:
            attempt.set_exception(error)
        # The switch goes on, or ends, in the next steps of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_a_request_during_a_switch_is_done_next_and_the_last_one_counts():
    server = SlowServer()
    server.switch.move_to("udp")
    await asyncio.sleep(0)
    server.switch.move_to("quic")
    server.switch.move_to("websocket")
    assert server.switch.target == "websocket"
    await server.answer()
    await server.answer()
    await server.switch.wait()
    assert server.opened == ["udp", "websocket"]
    assert server.transport == "websocket"
    assert server.switch.target is None


async def test_the_way_back_can_be_requested_before_the_switch_is_done():
    server = SlowServer()
    server.switch.move_to("udp")
    await asyncio.sleep(0)
    server.switch.move_to("tcp")
    await server.answer()
    await server.answer()
    assert server.transport == "tcp"
    assert server.switch.target is None


async def test_a_repeated_request_opens_nothing_more():
    server = SlowServer()
    server.switch.move_to("tcp")
    server.switch.move_to("udp")
    await asyncio.sleep(0)
    server.switch.move_to("udp")
    await server.answer()
    assert server.opened == ["udp"]
    assert server.switch.target is None


async def test_after_a_failure_the_client_stays_unless_another_request_waits():
    server = SlowServer()
    server.switch.move_to("udp")
    await server.answer(ConnectError("no answer"))
    assert (server.transport, server.switch.target) == ("tcp", None)
    server.switch.move_to("udp")
    await asyncio.sleep(0)
    server.switch.move_to("websocket")
    await server.answer(ConnectError("no answer"))
    await server.answer()
    assert server.transport == "websocket"
    assert server.failures == ["udp", "udp"]


async def test_a_new_join_request_during_a_switch_is_sent_after_it():
    server = SlowServer()
    server.switch.move_to("udp")
    await asyncio.sleep(0)
    server.switch.reopen()
    await server.answer()
    await server.answer()
    assert server.opened == ["udp", "udp"]
    server.switch.reopen()
    await server.answer(ConnectError("no answer"))
    assert server.switch.target is None
