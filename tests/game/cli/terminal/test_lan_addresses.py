"""The addresses of this computer for other computers."""

import socket
from typing import Any

import pytest

from game.cli.terminal import lan_addresses as module
from game.cli.terminal.lan_addresses import lan_addresses


def test_only_addresses_that_others_can_use_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_routed_addresses", lambda: ["192.168.1.38", "fe80::1"])
    named = ["127.0.1.1", "2001:db8::5", "169.254.3.4", "::1", "10.0.0.7", "192.168.1.38"]
    monkeypatch.setattr(module, "_named_addresses", lambda: named)
    assert lan_addresses() == ["192.168.1.38", "10.0.0.7", "2001:db8::5"]


def test_every_address_can_be_listened_on() -> None:
    for host in lan_addresses():
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.bind((host, 0))
            assert sock.getsockname()[0] == host


def test_a_computer_without_a_network_and_a_name_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*_: Any) -> Any:
        raise OSError("network is unreachable")

    def no_name(*_: Any, **__: Any) -> Any:
        raise socket.gaierror("name or service not known")

    monkeypatch.setattr(socket, "socket", no_socket)
    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    assert lan_addresses() == []
