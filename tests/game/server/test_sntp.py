"""The SNTP server over real sockets, asked by ``ntplib`` and by invalid requests."""

import asyncio
import socket
import time
from contextlib import suppress

import pytest

from game.lab.measure.pinger import INTERVAL_MIN_S, Pinger
from game.server.sntp import REPLIES_BURST, SntpServer
from net.errors import AddressInUse
from net.transport import Address
from tests.game.support import LOOPBACK, TRANSPORTS, serving, until
from tests.net.system.packet_info import only_linux
from tests.net.system.packet_info import without_packet_info as without_packet_info

ntplib = pytest.importorskip("ntplib")

REQUEST = b"\x23" + bytes(47)


def ask(port: int, version: int = 4):
    """Return the answer, as ``ntplib`` understands it."""
    return ntplib.NTPClient().request(LOOPBACK, version=version, port=port, timeout=10)


@pytest.mark.parametrize("version", [3, 4])
async def test_ntplib_understands_the_answer(version):
    async with SntpServer(Address("", 0)) as server:
        before = time.time()
        answer = await asyncio.to_thread(ask, server.address.port, version)
        after = time.time()
    assert (answer.version, answer.mode, answer.stratum, answer.leap) == (version, 4, 1, 0)
    assert ntplib.ref_id_to_text(answer.ref_id, answer.stratum) == "uncalibrated local clock"
    # A microsecond for the rounding of the timestamps.
    assert before - 1e-6 <= answer.recv_time <= answer.tx_time <= after + 1e-6


async def test_ntplib_and_our_own_pings_agree_within_their_delays():
    """Both compare clocks of one computer, so both offsets are 0 within half of the delay."""
    async with serving() as server, SntpServer(Address(LOOPBACK, 0)) as sntp:
        pinger = Pinger(
            TRANSPORTS["udp"],
            Address(LOOPBACK, server.base_port),
            lambda reply: None,
            count=2,
            interval_s=INTERVAL_MIN_S,
        )
        await pinger.run()
        answer = await asyncio.to_thread(ask, sntp.address.port)
    best = min(pinger.replies, key=lambda reply: reply.delay_s)
    # 10 us for the clocks, which are two, and are read one after the other.
    assert abs(answer.offset - best.offset_s) <= (answer.delay + best.delay_s) / 2 + 10e-6


@only_linux
async def test_without_packet_info_a_new_address_of_the_computer_answers(without_packet_info):
    async with SntpServer(Address("0.0.0.0", 0)) as server:
        without_packet_info.append("127.0.0.2")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(("127.0.0.2", server.address.port))

            def is_answered() -> bool:
                # Refused until the server has its socket, and then lost or answered.
                with suppress(ConnectionRefusedError):
                    sock.send(REQUEST)
                return server.answered > 0

            await until(is_answered)


async def test_an_invalid_request_is_dropped_and_the_next_request_answered():
    async with SntpServer(Address(LOOPBACK, 0)) as server:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(server.address)
            for datagram in (b"", b"nonsense", REQUEST[:47], b"\x24" + bytes(47), bytes(1400)):
                sock.send(datagram)
            sock.send(REQUEST + b"a digest of twenty bytes")
            reply = await asyncio.get_running_loop().sock_recv(sock, 2048)
            assert len(reply) == 48
            assert (server.answered, server.dropped) == (1, 5)


async def test_one_network_that_asks_too_often_is_not_answered():
    async with SntpServer(Address(LOOPBACK, 0)) as server:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect(server.address)
            # Less than a full socket buffer, so that none is lost.
            for _ in range(2 * int(REPLIES_BURST)):
                sock.send(REQUEST)
            await until(lambda: server.answered + server.dropped == 2 * REPLIES_BURST)
            assert server.answered >= REPLIES_BURST
            assert server.dropped > 0


async def test_a_port_that_is_in_use_is_an_error():
    async with SntpServer(Address(LOOPBACK, 0)) as server:
        with pytest.raises(AddressInUse):
            await SntpServer(server.address).__aenter__()
