"""A computer whose UDP sockets do not tell at which of its addresses a datagram arrived."""

import socket
import sys

import pytest

from net.system import address_follower, datagram_local_address, sockets

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="all of 127/8 is Linux'")


@pytest.fixture
def without_packet_info(monkeypatch):
    """As on Windows; returns the IPv4 addresses that the computer is to have, to be changed."""
    present = ["127.0.0.1"]

    def addresses(family):
        return [(host, 0) for host in present] if family == socket.AF_INET else [("::1", 0, 0, 0)]

    monkeypatch.setattr(datagram_local_address, "_CONTROLS", {})
    monkeypatch.setattr(sockets, "local_sockaddrs", addresses)
    monkeypatch.setattr(address_follower, "FOLLOW_INTERVAL_S", 0.05)
    return present
