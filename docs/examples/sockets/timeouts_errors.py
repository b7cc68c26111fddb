"""A client that reports each error in a line: ``python timeouts_errors.py HOST PORT``.

It teaches ``argparse``, timeouts, and which exception says what. It leaves out a second attempt.
"""

import argparse
import socket
import sys


def port_number(text):
    """Return a port from the command line; ``argparse`` prints the error."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: give 1 to 65535")
    return int(text)


def ask(host, port, timeout_s):
    """Connect, send a line and return the answer."""
    # The timeout holds for connecting, and later for each ``recv`` alone.
    with socket.create_connection((host, port), timeout=timeout_s) as sock:
        print("connected to", sock.getpeername())
        sock.sendall(b"hello\n")
        return sock.recv(1024)


parser = argparse.ArgumentParser(description="Send a line over TCP and print the answer.")
parser.add_argument("host", help="name or address")
parser.add_argument("port", type=port_number, help="1 to 65535")
parser.add_argument("--timeout", type=float, default=2.0, metavar="S", help="seconds (default 2)")
options = parser.parse_args()
try:
    answer = ask(options.host, options.port, options.timeout)
except socket.gaierror as error:
    sys.exit(f"no host is called {options.host}: {error.strerror}")
except ConnectionRefusedError:
    sys.exit(f"nobody listens on port {options.port} of {options.host}")
except TimeoutError:
    sys.exit(f"no answer within {options.timeout:g} s")
except OSError as error:
    # Every error of a socket is an ``OSError``, so this one comes last.
    sys.exit(f"the connection broke: {error}")
# No bytes are no error: the other end has closed in order.
print("answer:", answer if answer else "none, the other end has closed")
