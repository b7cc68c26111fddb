"""Recordings over real sockets on loopback."""

import asyncio

import pytest

from game.lab.record import link_recorder
from game.lab.record.link_recorder import LinkRecorder, RecordingRefused
from game.lab.record.probe_log import recording_of
from game.server.settings import ServerSettings
from net.datagram.path_recording import ProbeSettings
from net.errors import ConnectError
from net.security.options import SecurityOptions
from net.transport import Address
from tests.game.lab.record.probed import NOTES
from tests.game.support import LOOPBACK, TRANSPORTS, serving, until

ALLOWED = ServerSettings(host=LOOPBACK, port=0, allow_record=True)


def recorder_at(port, rate_hz=500, on_progress=lambda elapsed_s: None, make=LinkRecorder):
    settings = ProbeSettings(rate_hz, 100, 1)
    address = Address(LOOPBACK, port)
    return make(TRANSPORTS["udp"], address, settings, on_progress, SecurityOptions())


async def test_a_recorder_gets_probes_and_receipts_of_both_directions():
    async with serving(ALLOWED) as server:
        recorder = recorder_at(server.base_port)
        await recorder.run()
        await until(lambda: not server.rooms)
    log = recorder.log
    assert log.sent_at
    # Loopback loses nothing, but a full socket buffer may.
    assert 0.9 * len(log.sent_at) <= len(log.up) <= len(log.sent_at)
    assert 0.9 * log.down_sent <= len(log.down) <= log.down_sent
    recording = recording_of(log, NOTES)
    assert recording.clock is not None
    assert abs(recording.clock.drift_ppm) == 0.0


async def test_a_stopped_recorder_keeps_what_there_is():
    async with serving(ALLOWED) as server:
        recorder = recorder_at(server.base_port, on_progress=lambda elapsed_s: recorder.stop())
        await recorder.run()
    assert recorder.was_stopped
    assert 1 <= len(recorder.log.sent_at) < 500


async def test_receipts_may_take_longer_than_the_wait_for_the_next_ones(monkeypatch):
    # One request at a time: a quarter of a second for all, and the wait is a part of that.
    monkeypatch.setattr(link_recorder, "_REQUESTS_AT_ONCE", 1)
    monkeypatch.setattr(link_recorder, "_RECEIPTS_TIMEOUT_S", 0.1)

    class SlowRecorder(LinkRecorder):
        """Recorder whose receipts arrive 50 ms late."""

        def _on_receipts(self, datagram):
            asyncio.get_running_loop().call_later(0.05, super()._on_receipts, datagram)

    async with serving(ALLOWED) as server:
        recorder = recorder_at(server.base_port, make=SlowRecorder)
        await recorder.run()
    assert len(recorder.log.up) > 0.9 * len(recorder.log.sent_at)


async def test_a_server_that_does_not_allow_it_sends_nothing():
    async with serving() as server:
        recorder = recorder_at(server.base_port)
        with pytest.raises(RecordingRefused, match="--allow-record"):
            await recorder.run()
    assert recorder.log.down == []


async def test_nobody_there_is_an_error():
    with pytest.raises(ConnectError):
        await recorder_at(1).run()
