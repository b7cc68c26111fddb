"""Parsing and formatting of addresses."""

from ipaddress import IPv4Address, IPv6Address

from hypothesis import given
from hypothesis import strategies as st

from game.protocol.addresses import format_host, parse_address
from net.transport import PORT_MAX, Address

DEFAULT = 7777


def test_usual_spellings() -> None:
    expected = {
        "192.168.1.38": Address("192.168.1.38", DEFAULT),
        "192.168.1.38:8000": Address("192.168.1.38", 8000),
        "lab-pc": Address("lab-pc", DEFAULT),
        "lab-pc.example.org:1": Address("lab-pc.example.org", 1),
        " lab-pc ": Address("lab-pc", DEFAULT),
        "::1": Address("::1", DEFAULT),
        "2001:db8::7777": Address("2001:db8::7777", DEFAULT),
        "[::1]": Address("::1", DEFAULT),
        "[::1]:7778": Address("::1", 7778),
        "fe80::1%eth0": Address("fe80::1%eth0", DEFAULT),
        "[fe80::1%eth0]:7778": Address("fe80::1%eth0", 7778),
    }
    assert {text: parse_address(text, DEFAULT) for text in expected} == expected


def error_of(text: str) -> str:
    """Return the error for a text; empty if it is accepted."""
    try:
        parse_address(text, DEFAULT)
    except ValueError as error:
        return str(error)
    return ""


def test_invalid_addresses_are_rejected_in_one_line_that_shows_a_valid_one() -> None:
    hints = {
        "": "HOST:PORT",
        ":7777": "HOST:PORT",
        "my computer": "HOST:PORT",
        "http://lab-pc/": "is no",
        "[]:7777": "HOST:PORT",
        "[::1": "[::1]:7777",
        "[::1]7777": "[::1]:7777",
        "lab-pc:": "from 1 to 65535",
        "lab-pc:0": "from 1 to 65535",
        "lab-pc:65536": "from 1 to 65535",
        "lab-pc:-1": "from 1 to 65535",
        "lab-pc:²": "from 1 to 65535",
        "lab-pc:http": "from 1 to 65535",
        "[::1]:": "from 1 to 65535",
    }
    errors = {text: error_of(text) for text in hints}
    wrong = {
        text: error
        for text, error in errors.items()
        if "is no" not in error or hints[text] not in error or "\n" in error
    }
    assert wrong == {}


@given(st.ip_addresses() | st.just("lab-pc"), st.integers(1, PORT_MAX))
def test_a_formatted_address_parses_to_the_same(
    host: IPv4Address | IPv6Address | str, port: int
) -> None:
    text = format_host(str(host), port, DEFAULT)
    # The quotes are for the shell, which removes them.
    assert parse_address(text.strip('"'), DEFAULT) == Address(str(host), port)


def test_the_port_is_formatted_only_if_it_is_not_the_default() -> None:
    assert format_host("192.168.1.38", DEFAULT, DEFAULT) == "192.168.1.38"
    assert format_host("192.168.1.38", 8000, DEFAULT) == "192.168.1.38:8000"
    assert format_host("::1", DEFAULT, DEFAULT) == "::1"
    assert format_host("::1", 8000, DEFAULT) == '"[::1]:8000"'
