"""Connecting over a slow or silent path: limits that grow, and hints for a player who waits."""

import asyncio

import pytest

from game.client import connector
from game.client.client import Client
from game.client.connector import Connector
from game.client.frame import Status
from game.client.settings import ClientSettings
from game.protocol.messages import JoinRequest
from game.server.settings import ServerSettings
from net.errors import ConnectStage, ConnectTimeout, ResolveError
from net.link.profile import Link, LinkProfile
from net.link.relay.relay import LinkRelay
from net.link.relay.settings import RelaySettings, game_routes
from net.security.certificates import fingerprint_of, make_self_signed
from net.security.options import SecurityOptions
from net.transport import Address, SocketOptions, TlsConfig
from tests.game.support import LOOPBACK, TRANSPORTS, running, serving, until

REQUEST = JoinRequest("Ana", "main")


class SlowTransport:
    """Transport that stays in ``stage`` for ever, or fails with ``error``."""

    name = "slow"
    port_offset = 0
    guarantees = TRANSPORTS["udp"].guarantees

    def __init__(self, stage, error=None):
        self.stage, self.error = stage, error
        self.limits_s = []

    async def connect(self, address, receiver, options=SocketOptions()):
        self.limits_s.append(options.stage_timeout_s)
        options.enter(self.stage)
        if self.error is not None:
            raise self.error
        await asyncio.Event().wait()


def connecting(transport):
    settings = ClientSettings(Address("lab", 7777), REQUEST)
    return Connector({"slow": transport}, settings, handler=None)


async def test_the_limit_of_a_stage_grows_with_every_timeout_and_no_further(monkeypatch):
    monkeypatch.setattr(connector, "BACKOFF_S", (0.0,))
    transport = SlowTransport(ConnectStage.TLS, ConnectTimeout("slow", ConnectStage.TLS))
    async with running(connecting(transport).join(lambda: "slow", lambda *_: None)):
        await until(lambda: len(transport.limits_s) >= 5)
    start_s, most_s = connector.STAGE_TIMEOUT_START_S, connector.STAGE_TIMEOUT_MAX_S
    assert transport.limits_s[:5] == [start_s, 2 * start_s, most_s, most_s, most_s]


async def test_other_failures_change_no_limit(monkeypatch):
    monkeypatch.setattr(connector, "BACKOFF_S", (0.0,))
    transport = SlowTransport(ConnectStage.LOOK_UP, ResolveError("no host is called 'lab'"))
    statuses = []
    async with running(
        connecting(transport).join(lambda: "slow", lambda *status: statuses.append(status))
    ):
        await until(lambda: len(transport.limits_s) >= 3)
    assert set(transport.limits_s) == {connector.STAGE_TIMEOUT_START_S}
    assert set(statuses) == {(Status.CONNECTING, "no host is called 'lab'")}


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (ConnectStage.LOOK_UP, "looking up 'lab': no answer yet"),
        (ConnectStage.CONNECT, "no answer yet over slow"),
        (ConnectStage.TLS, "the server answers over slow, but the TLS handshake takes long"),
    ],
)
async def test_a_long_wait_shows_its_stage(monkeypatch, stage, said):
    monkeypatch.setattr(connector, "HINT_AFTER_S", 0.01)
    statuses = []
    async with running(
        connecting(SlowTransport(stage)).join(
            lambda: "slow", lambda *status: statuses.append(status)
        )
    ):
        await until(lambda: statuses)
    assert statuses[0] == (Status.CONNECTING, said)


@pytest.mark.parametrize(
    ("stage", "was_answered"),
    [
        (ConnectStage.LOOK_UP, False),
        (ConnectStage.CONNECT, False),
        (ConnectStage.TLS, True),
        (ConnectStage.HANDSHAKE, True),
    ],
)
async def test_a_server_that_answers_late_is_told_from_one_that_is_not_there(stage, was_answered):
    transport = SlowTransport(stage)
    opening = connecting(transport)
    async with running(opening.join(lambda: "slow", lambda *_: None)):
        await until(lambda: transport.limits_s)
        assert opening.was_answered == was_answered


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_player_joins_over_a_long_path_with_tls_and_a_password(transport, monkeypatch):
    # The stages of the slowest, WebSocket's, take 2, 1 and 2 round trips.
    monkeypatch.setattr(connector, "HINT_AFTER_S", 0.2)
    profile = LinkProfile(delay_s=0.5)
    own = make_self_signed()
    security = SecurityOptions(
        password="secret", tls=TlsConfig(fingerprint=fingerprint_of(own.certificate_pem))
    )
    locked = ServerSettings(port=0, password="secret", sockets=SocketOptions(tls=own))
    async with serving(locked) as server:
        routes = game_routes(each.port_offset for each in TRANSPORTS.values())
        relay_settings = RelaySettings(
            Link(profile, profile), 1, Address(LOOPBACK, server.base_port), routes
        )
        async with LinkRelay(relay_settings) as relay:
            settings = ClientSettings(
                Address(LOOPBACK, server.base_port),
                REQUEST,
                relay=Address(LOOPBACK, relay.port),
                security=security,
            )
            client = Client(TRANSPORTS, transport, settings)
            async with running(client.run()):
                await until(lambda: client.status is Status.PLAYING, 20.0)
                # No hint is left on the screen.
                assert client.status_text == ""
