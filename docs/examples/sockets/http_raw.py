"""HTTP by a raw socket: ``python http_raw.py [HOST] [PORT] [PATH]``.

It teaches that a request and the head of an answer are lines of text over TCP (RFC 9112). Start
``jitterball serve`` first. It leaves out TLS, redirects and bodies in chunks.
"""

import socket
import sys

DEFAULTS = ["127.0.0.1", "7780", "/api/server"]
HOST, PORT, PATH = [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]]

# An empty line ends the head. ``Connection: close`` lets the end of the stream end the body.
request = f"GET {PATH} HTTP/1.1\r\nHost: {HOST}:{PORT}\r\nConnection: close\r\n\r\n"
try:
    with socket.create_connection((HOST, int(PORT)), timeout=10) as sock:
        sock.sendall(request.encode("ascii"))
        # A file reads lines, however the bytes were split on their way.
        with sock.makefile("rb") as answer:
            status = answer.readline().decode("latin-1").strip()
            headers = {}
            while line := answer.readline().decode("latin-1").strip():
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = answer.read()
except OSError as error:
    sys.exit(f"{HOST}:{PORT}: {error}")
print(status)
for name, value in headers.items():
    print(f"{name}: {value}")
print(f"\n{body.decode('utf-8', 'replace')}")
