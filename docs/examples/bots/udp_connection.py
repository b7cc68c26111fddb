"""A connection over UDP for the bots in this folder: the least that a client must do.

It numbers datagrams, acknowledges those of the server, repeats its hello and drops what came
twice. It leaves out what full rooms need, messages in several parts, and encryption.
"""

import os
import socket
from struct import pack, unpack_from


class Connection:
    """Datagrams to and from the server; the first carries ``hello``."""

    def __init__(self, address, hello):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(address)
        self.socket.settimeout(0.3)
        self.hello = hello
        self.sent, self.newest, self.arrived = 0, 0, set()
        challenge = self.exchange((b"\x01JITR\x01" + os.urandom(8)).ljust(1200, b"\0"), 2)
        self.id = challenge[9:17]
        self.exchange(b"\x03" + challenge[1:], 4)
        self.send_reliable(0, hello)

    def exchange(self, datagram, kind):
        """Repeat a datagram until its answer arrives, and return the answer."""
        for _ in range(20):
            self.socket.send(datagram)
            if (answer := self.receive_any())[:1] == bytes([kind]):
                return answer
        raise ConnectionError("the server does not answer")

    def receive_any(self):
        """Return the next datagram, or nothing after a timeout."""
        try:
            return self.socket.recv(2048)
        except TimeoutError:
            return b""

    def send(self, kind, body):
        """Send a numbered datagram, which acknowledges up to 33 that have arrived."""
        self.sent += 1
        bits = sum(1 << n for n in range(32) if self.newest - 1 - n in self.arrived)
        header = 0x40 | kind, self.id, self.sent & 0xFFFF, self.newest & 0xFFFF, bits
        self.socket.send(pack("!B8sHHI", *header) + body)

    def send_reliable(self, segment, message):
        """Send a message under a segment number, the same when it is sent again."""
        self.send(0x02, pack("!HH", segment, len(message)) + message)

    def receive(self):
        """Return the number of the next datagram and its messages; none after a timeout."""
        datagram = self.receive_any()
        if not datagram and not self.arrived:
            # The server answers a hello, so it was lost, or the answer.
            self.send_reliable(0, self.hello)
        if datagram[:1] in (b"\x05", b"\x81"):
            raise ConnectionError("the server has ended the connection")
        if len(datagram) < 17 or datagram[1:9] != self.id:
            return 0, []
        kind, _, wrapped = unpack_from("!B8sH", datagram)
        # Of a number 16 bits are sent. It is the one nearest to the newest that arrived.
        number = self.newest + (wrapped - self.newest + 0x8000 & 0xFFFF) - 0x8000
        if number in self.arrived:
            return 0, []
        self.newest = max(self.newest, number)
        self.arrived = {each for each in self.arrived | {number} if each > self.newest - 64}
        if kind == 0x82:
            return number, list(segments(datagram[17:]))
        return number, [datagram[17:]] if 0x90 <= kind <= 0x92 else []


def segments(body):
    """Return the messages in the body of a reliable datagram."""
    while body:
        size = 4 + (unpack_from("!HH", body)[1] & 0x7FFF)
        yield body[4:size]
        body = body[size:]
