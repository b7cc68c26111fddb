"""A session with a password over datagrams and a path of a long delay, in virtual time.

Each stage of a join must end within the limit of a stage, or nobody joins from far away.
"""

from random import Random

import pytest

from net.security import proofs
from net.session.authenticator import Authenticator
from net.session.client import ClientSession, Credentials
from net.session.messages import Hello, Welcome
from net.session.server import ServerSession
from net.sync.clock_filter import ClockFilter, ClockSample
from net.transport import STAGE_TIMEOUT_S, Delivery
from tests.examples import scaled
from tests.net.datagram.long_path import LongPath

STEP_S = 0.01
PASSWORD = "let us in"
PATHS = {
    "1 s": {"delay_s": 0.5},
    "4 s": {"delay_s": 2.0},
    "4 s with jitter": {"delay_s": 2.0, "jitter_s": 0.3},
    "4 s with loss": {"delay_s": 2.0, "loss": 0.05},
}


class JoiningPath(LongPath):
    """A path over which a client opens a connection, joins with a password, and pings."""

    def __init__(self, seed, **path):
        super().__init__(seed=seed, **path)
        self.opened_at = self.welcomed_at = None
        self.samples = []
        self._authenticator = Authenticator(Random(seed), lambda slot_id: None, PASSWORD)
        self._client_session = self._server_session = None

    def join(self, limit_s):
        while self.welcomed_at is None and self.now < limit_s:
            self.run(STEP_S)
            if self.client is not None and self._client_session is None:
                self.opened_at = self.now
                self._client_session = self._start_client()

    def ping(self, limit_s):
        until = self.now + limit_s
        while not self.samples and self.now < until:
            self._client_session.send_ping_if_due(self.now)
            self.run(STEP_S)

    def _start_client(self):
        return ClientSession(
            self._sending("client"),
            lambda: self.now,
            ClockFilter(),
            Hello("msgpack", None),
            ping_interval_s=1.0,
            credentials=Credentials(Random(1), PASSWORD),
            enable_encryption=self.client.enable_encryption,
        )

    def _start_server(self):
        return ServerSession(
            self._sending("server"),
            lambda: self.now,
            ClockFilter(),
            ping_interval_s=1.0,
            authenticator=self._authenticator,
            enable_encryption=self.server.enable_encryption,
        )

    def _sending(self, end):
        def send(message, delivery, lane):
            connection = getattr(self, end)
            if delivery is Delivery.RELIABLE:
                self.send_reliable(connection, message)
            else:
                connection.send_latest(message, lane)

        return send

    def _receive(self, connection, datagram):
        for message in connection.receive(datagram, self.now):
            if connection is self.server:
                self._handle_at_server(message)
            else:
                self._handle_at_client(message)
        if connection.wants_flush:
            connection.flush(self.now)
        return []

    def _handle_at_server(self, message):
        self._server_session = self._server_session or self._start_server()
        if isinstance(self._server_session.message_received(message, self.now), Hello):
            self._server_session.welcome(Welcome("token", False, 0, None))

    def _handle_at_client(self, message):
        received = self._client_session.message_received(message, self.now)
        if isinstance(received, Welcome):
            self.welcomed_at = self.now
        elif isinstance(received, ClockSample):
            self.samples.append(received)


@pytest.fixture(autouse=True)
def _cheap_keys(monkeypatch):
    # Stretching a password takes a tenth of a second, and nothing here depends on it.
    key = bytes(proofs.KEY_BYTES)
    monkeypatch.setattr("net.session.client.password_key", lambda password, salt: key)
    monkeypatch.setattr(proofs, "password_key", lambda password, salt: key)


@pytest.mark.parametrize("name", PATHS)
def test_each_stage_of_a_join_ends_within_its_limit_and_pings_are_answered(name):
    for seed in range(scaled(12)):
        path = JoiningPath(seed, **PATHS[name])
        path.join(limit_s=3 * STAGE_TIMEOUT_S)
        assert path.welcomed_at is not None, f"seed {seed}"
        # A computer that is busy adds seconds of its own.
        assert path.opened_at < 0.8 * STAGE_TIMEOUT_S, f"seed {seed}"
        assert path.welcomed_at - path.opened_at < 0.8 * STAGE_TIMEOUT_S, f"seed {seed}"
        path.ping(limit_s=30.0)
        assert path.samples, f"seed {seed}"
