"""The addresses of this computer for other computers."""

import socket
from typing import Any

import ifaddr
import pytest

from net.system import lan_addresses as module
from net.system.lan_addresses import (
    LanAddresses,
    is_every_address,
    lan_addresses,
    reaches_this_computer_only,
)


def card(*addresses: str) -> ifaddr.Adapter:
    ips = [ifaddr.IP((text, 0, 2) if ":" in text else text, 24, "card") for text in addresses]
    return ifaddr.Adapter("card", "card", ips)


def test_every_card_is_listed_and_the_default_route_is_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards = [
        card("127.0.0.1", "::1"),
        card("10.0.0.7", "fe80::7", "2001:db8::5"),
        card("169.254.3.4", "192.168.1.38"),
    ]
    monkeypatch.setattr(module, "default_route_addresses", lambda: ["192.168.1.38"])
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: cards)
    typed = ("192.168.1.38", "10.0.0.7", "2001:db8::5", "169.254.3.4")
    assert lan_addresses() == LanAddresses(typed, ("fe80::7",))


def test_a_network_without_a_default_route_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "default_route_addresses", list)
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: [card("127.0.0.1"), card("10.9.0.2")])
    assert lan_addresses() == LanAddresses(("10.9.0.2",), ())


def test_every_address_can_be_listened_on() -> None:
    for host in lan_addresses().typed:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.bind((host, 0))
            assert sock.getsockname()[0] == host


def test_a_system_that_tells_nothing_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise OSError("network is unreachable")

    monkeypatch.setattr(socket, "socket", fail)
    monkeypatch.setattr(ifaddr, "get_adapters", fail)
    assert lan_addresses() == LanAddresses((), ())


def test_which_hosts_are_every_address_and_which_this_computer() -> None:
    assert [host for host in ("", "0.0.0.0", "::", "10.0.0.7", "pc") if is_every_address(host)] == [
        *("", "0.0.0.0", "::"),
    ]
    local = ("127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1")
    assert all(map(reaches_this_computer_only, local))
    assert not any(map(reaches_this_computer_only, ("0.0.0.0", "::", "10.0.0.7", "fe80::1", "pc")))
