"""A bot over TCP with a reading thread: ``python tcp_thread.py HOST PORT ROOM NAME``.

It teaches how a thread that waits in ``recv`` and a loop with a rhythm of its own share a value
under a lock. It leaves out events, pings and reconnecting.
"""

import json
import socket
import struct
import sys
import threading
import time

from football import decide

DEFAULTS = ["127.0.0.1", "7777", "main", "thread"]
HOST, PORT, ROOM, NAME = [*sys.argv[1:5], *DEFAULTS[len(sys.argv) - 1 :]]
# The server's last length: no message follows it.
CLOSE_FRAME = b"\xff\xff\xff\xff"


class Reader(threading.Thread):
    """Reads messages until the connection ends, and keeps the newest snapshot."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.lock = threading.Lock()
        self.me = self.snapshot = None
        self.end = ""
        self.stream = stream

    def run(self):
        # ``makefile`` gives a stream whose ``read`` waits until all bytes are there, or the end.
        while (header := self.stream.read(4)) and header != CLOSE_FRAME:
            # It is empty if the connection ends here.
            message = self.stream.read(int.from_bytes(header, "big"))
            if message[:1] in (b"\x03", b"\x06", b""):
                self.end = message[1:].decode()
                break
            with self.lock:
                if message[0] == 2:
                    self.me = json.loads(message[1:])[3][0]
                elif message[:2] == b"\x08\x02":
                    self.snapshot = json.loads(message[8:])
        self.end = self.end or "the server has ended the connection"


def send(sock, message):
    """Send a frame: the length of the message, and the message."""
    sock.sendall(struct.pack("!I", len(message)) + message)


with socket.create_connection((HOST, int(PORT))) as connection:
    reader = Reader(connection.makefile("rb"))
    reader.start()
    send(connection, b"\x01\x03" + json.dumps([[NAME, ROOM]]).encode())
    number = 0
    try:
        while not reader.end:
            # Twenty decisions a second, however many snapshots arrive.
            time.sleep(0.05)
            with reader.lock:
                me, snapshot = reader.me, reader.snapshot
            if snapshot:
                number += 1
                code = decide(snapshot, me, number)
                send(connection, b"\x08\x01" + json.dumps([number, code]).encode())
        sys.exit(f"{NAME}: {reader.end}")
    except KeyboardInterrupt:
        send(connection, b"\x06left")
