"""A QUIC client and server over a path with delay, loss and blackouts, in virtual time.

The library takes keys and connection ids from the system's randomness. So a seed repeats the fates
of the packets, but not their bytes.
"""

from functools import cache
from heapq import heappop, heappush
from itertools import count
from random import Random

from net.quic.aioquic_adapter import new_wire
from net.quic.connection import MessageConnection
from net.quic.credentials import client_configuration, server_configuration
from net.transport import Address, SocketOptions

CLIENT, SERVER = ("192.0.2.1", 5000), ("203.0.113.1", 7778)


@cache
def shared_server_configuration():
    """Return one certificate for all tests: making one costs more than a handshake."""
    return server_configuration(None)


class VirtualPath:
    """A client and a server; ``delay_s`` and ``loss`` hold in each direction.

    Packets sent while ``is_dark`` are lost. ``heard`` holds the arrivals of each end:
    time and message.
    """

    def __init__(self, delay_s=0.025, loss=0.0, seed=1, one_stream=False, keylog=None):
        self.now, self.delay_s, self.loss = 1.0, delay_s, loss
        self.is_dark = False
        self.client_address = CLIENT
        self._rng = Random(seed)
        self._order = count()
        self._events = []
        options = SocketOptions(one_stream=one_stream)
        configuration = client_configuration(Address(*SERVER), options)
        configuration.secrets_log_file = keylog
        wire = new_wire(configuration)
        wire.quic.connect(SERVER, self.now)
        self.client = MessageConnection(wire)
        self.server = MessageConnection(
            new_wire(
                shared_server_configuration(),
                original_destination_connection_id=wire.quic.original_destination_connection_id,
            )
        )
        self.heard = {self.client: [], self.server: []}
        self._flush(self.client)

    def at(self, time_s, action):
        """Call ``action`` at a time."""
        heappush(self._events, (time_s, next(self._order), action))

    def open(self):
        """Run until the handshake is complete at both ends; return how long it took."""
        start = self.now
        while not (self.client.is_open and self.server.is_open):
            self.run(0.001)
            assert self.now < start + 30.0
        return self.now - start

    def run(self, duration_s):
        """Run for a span of virtual time."""
        until = self.now + duration_s
        while True:
            ends = [end for end in (self.client, self.server) if not end.ended]
            next_event = [each[0] for each in self._events[:1]]
            # No timer is exact: one that fires a moment late is due, also for the library.
            at = min(next_event + [end.deadline + 1e-6 for end in ends], default=until + 1.0)
            if at > until:
                self.now = until
                return
            self.now = max(self.now, at)
            while self._events and self._events[0][0] <= self.now:
                heappop(self._events)[2]()
            for end in ends:
                if end.deadline <= self.now:
                    end.on_timer(self.now)
                    self._flush(end)

    def send_latest(self, end, message, lane=0):
        end.send_latest(message, lane, self.now)
        self._flush(end)

    def send_reliable(self, end, message):
        end.send_reliable(message)
        self._flush(end)

    def messages(self, end):
        return [message for _, message in self.heard[end]]

    def _flush(self, end):
        end.flush(self.now)
        self.carry(end)

    def carry(self, end):
        """Put what an end sends on its way."""
        for packet, _ in end.outgoing:
            is_lost = self._rng.random() < self.loss
            if not (is_lost or self.is_dark):
                self.at(self.now + self.delay_s, lambda packet=packet: self._arrive(end, packet))
        end.outgoing.clear()

    def _arrive(self, sender, packet):
        end, address = (
            (self.server, self.client_address) if sender is self.client else (self.client, SERVER)
        )
        for message in end.receive(packet, address, self.now):
            self.heard[end].append((self.now, message))
        self._flush(end)
