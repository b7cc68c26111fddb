"""A client and a server of the datagram transport over a path of a long delay, in virtual time."""

from heapq import heappop, heappush
from random import Random

from net.datagram.client_handshake import ClientHandshake
from net.datagram.server_endpoint import DatagramEndpoint
from net.transport import LANE_STATE

SERVER = ("203.0.113.1", 7777)
HOME = ("192.0.2.1", 5000)
INPUT_INTERVAL_S, SNAPSHOT_INTERVAL_S = 1 / 60, 1 / 30


class LongPath:
    """A client at ``address``, a server, and a path of ``delay_s`` each way.

    With ``plays`` both send as in a match: inputs and snapshots.
    """

    def __init__(self, delay_s, loss=0.0, jitter_s=0.0, seed=1):
        self.now, self.delay_s, self.loss, self.jitter_s = 0.0, delay_s, loss, jitter_s
        self.address = HOME
        self.plays = False
        self.endpoint = DatagramEndpoint(Random(1), now=0.0)
        self.handshake = ClientHandshake(Random(2), now=0.0)
        self.client = self.server = None
        self.to_client, self.to_server = [], []
        self._rng = Random(seed)
        self._events = []
        self._count = 0
        self._at(0.0, self._send_input)
        self._at(0.0, self._send_snapshot)

    def run(self, duration_s):
        until = self.now + duration_s
        while True:
            self._carry()
            at = min([each[0] for each in self._events[:1]] + self._deadlines())
            if at > until:
                self.now = until
                return
            self.now = max(self.now, at)
            while self._events and self._events[0][0] <= self.now:
                _, _, action, arguments = heappop(self._events)
                action(*arguments)
            self._expire()

    def run_until_open(self, limit_s):
        """Return how long the handshake took."""
        while self.client is None and self.now < limit_s:
            self.run(0.01)
        return self.now

    def send_reliable(self, end, message):
        end.send_reliable(message, self.now)
        end.flush(self.now)

    def _deadlines(self):
        client = self.handshake if self.client is None else self.client
        return [client.deadline, self.endpoint.deadline]

    def _expire(self):
        client = self.handshake if self.client is None else self.client
        if client.deadline <= self.now:
            client.on_timer(self.now)
        self.endpoint.expire(self.now)

    def _send_input(self):
        self._at(self.now + INPUT_INTERVAL_S, self._send_input)
        if self.plays and self.client is not None:
            self.client.send_latest(b"input", LANE_STATE)

    def _send_snapshot(self):
        self._at(self.now + SNAPSHOT_INTERVAL_S, self._send_snapshot)
        if self.plays and self.server is not None:
            self.server.send_latest(b"snapshot", LANE_STATE)

    def _carry(self):
        client = self.handshake if self.client is None else self.client
        for datagram in client.outgoing:
            self._fly(self._arrive_at_server, datagram, self.address)
        client.outgoing.clear()
        if self.server is not None:
            for datagram in self.server.outgoing:
                self._fly(self._arrive_at_client, datagram, self.server.address)
            self.server.outgoing.clear()
            self.endpoint.schedule(self.server)

    def _fly(self, arrive, datagram, address):
        if self._rng.random() >= self.loss:
            delay_s = self.delay_s + self._rng.random() * self.jitter_s
            self._at(self.now + delay_s, arrive, datagram, address)

    def _at(self, at, action, *arguments):
        self._count += 1
        heappush(self._events, (at, self._count, action, arguments))

    def _arrive_at_server(self, datagram, address):
        connection = self.endpoint.route(datagram, address, self.now)
        for reply, to in self.endpoint.replies:
            self._fly(self._arrive_at_client, reply, to)
        self.endpoint.replies.clear()
        for accepted in self.endpoint.accepted:
            self.server = accepted
        self.endpoint.accepted.clear()
        self.endpoint.moved.clear()
        if connection is not None:
            self.to_server += self._receive(connection, datagram)

    def _arrive_at_client(self, datagram, address):
        if address != self.address:
            return
        if self.client is None:
            self.client = self.handshake.receive(datagram, SERVER, self.now)
        else:
            self.to_client += self._receive(self.client, datagram)

    def _receive(self, connection, datagram):
        messages = connection.receive(datagram, self.now)
        if connection.wants_flush:
            connection.flush(self.now)
        return [each for each in messages if each not in (b"input", b"snapshot")]
