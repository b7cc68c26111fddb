"""Addresses as people type them."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.protocol.addresses import PORT_MAX, format_host, parse_address
from net.transport import Address

DEFAULT = 7777


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("192.168.1.38", Address("192.168.1.38", DEFAULT)),
        ("192.168.1.38:8000", Address("192.168.1.38", 8000)),
        ("lab-pc", Address("lab-pc", DEFAULT)),
        ("lab-pc.example.org:1", Address("lab-pc.example.org", 1)),
        (" lab-pc ", Address("lab-pc", DEFAULT)),
        ("::1", Address("::1", DEFAULT)),
        ("2001:db8::7777", Address("2001:db8::7777", DEFAULT)),
        ("[::1]", Address("::1", DEFAULT)),
        ("[::1]:7778", Address("::1", 7778)),
        ("fe80::1%eth0", Address("fe80::1%eth0", DEFAULT)),
        ("[fe80::1%eth0]:7778", Address("fe80::1%eth0", 7778)),
    ],
)
def test_every_usual_spelling_is_read(typed: str, meant: Address) -> None:
    assert parse_address(typed, DEFAULT) == meant


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("", "HOST:PORT"),
        (":7777", "HOST:PORT"),
        ("my computer", "HOST:PORT"),
        ("http://lab-pc/", "is no"),
        ("[]:7777", "HOST:PORT"),
        ("[::1", "[::1]:7777"),
        ("[::1]7777", "[::1]:7777"),
        ("lab-pc:", "from 1 to 65535"),
        ("lab-pc:0", "from 1 to 65535"),
        ("lab-pc:65536", "from 1 to 65535"),
        ("lab-pc:-1", "from 1 to 65535"),
        ("lab-pc:²", "from 1 to 65535"),
        ("lab-pc:http", "from 1 to 65535"),
        ("[::1]:", "from 1 to 65535"),
    ],
)
def test_what_is_no_address_is_refused_with_what_would_be_right(typed: str, right: str) -> None:
    with pytest.raises(ValueError, match="is no") as refused:
        parse_address(typed, DEFAULT)
    assert right in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.ip_addresses() | st.just("lab-pc"), st.integers(1, PORT_MAX))
def test_what_is_shown_to_be_typed_is_read_as_it_was_meant(
    host: IPv4Address | IPv6Address | str, port: int
) -> None:
    shown = format_host(str(host), port, DEFAULT)
    # The quotes are for the shell, which takes them off.
    assert parse_address(shown.strip('"'), DEFAULT) == Address(str(host), port)


def test_the_port_is_shown_only_where_it_must_be_typed() -> None:
    assert format_host("192.168.1.38", DEFAULT, DEFAULT) == "192.168.1.38"
    assert format_host("192.168.1.38", 8000, DEFAULT) == "192.168.1.38:8000"
    assert format_host("::1", DEFAULT, DEFAULT) == "::1"
    assert format_host("::1", 8000, DEFAULT) == '"[::1]:8000"'
