"""A bot over TCP with one blocking socket: ``python tcp_blocking.py HOST PORT ROOM NAME``.

It teaches ``sendall``, and a ``recv`` loop that survives partial reads: TCP carries bytes, and no
boundaries between messages. It leaves out timeouts, events, pings and reconnecting.
"""

import json
import socket
import struct
import sys

from football import decide

DEFAULTS = ["127.0.0.1", "7777", "main", "blocking"]
HOST, PORT, ROOM, NAME = [*sys.argv[1:5], *DEFAULTS[len(sys.argv) - 1 :]]


def receive_exactly(sock, size):
    """Return the next ``size`` bytes: one ``recv`` may return fewer."""
    data = b""
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            raise ConnectionError("the server has ended the connection")
        data += part
    return data


def receive(sock):
    """Return the next message: its length comes first."""
    (length,) = struct.unpack("!I", receive_exactly(sock, 4))
    if length == 0xFFFFFFFF:
        raise ConnectionError("the server has closed the channel")
    return receive_exactly(sock, length)


def send(sock, message):
    """Send all of a message: ``send`` alone may send a part."""
    sock.sendall(struct.pack("!I", len(message)) + message)


def play(sock):
    """Join, and answer each snapshot with an input."""
    send(sock, b"\x01\x03" + json.dumps([[NAME, ROOM]]).encode())
    me, number = None, 0
    while True:
        message = receive(sock)
        if message[0] in (3, 6):
            raise ConnectionError(message[1:].decode())
        if message[0] == 2:
            me = json.loads(message[1:])[3][0]
        if message[:2] == b"\x08\x02":
            number += 1
            code = decide(json.loads(message[8:]), me, number)
            send(sock, b"\x08\x01" + json.dumps([number, code]).encode())


with socket.create_connection((HOST, int(PORT))) as connection:
    try:
        play(connection)
    except KeyboardInterrupt:
        send(connection, b"\x06left")
    except ConnectionError as error:
        sys.exit(f"{NAME}: {error}")
