"""Origin check of web pages: those that the server itself served may connect, and no other."""

import pytest

from net.security.page_origin import is_local_host, is_own_host, is_own_page, split_host

OFFSET = 2


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("127.0.0.1:7778", ("127.0.0.1", 7778)),
        ("[::1]:7778", ("::1", 7778)),
        ("[FE80::1]", ("fe80::1", 80)),
        ("Teacher.local", ("teacher.local", 80)),
        ("localhost:80", ("localhost", 80)),
    ],
)
def test_a_host_header_is_split(header, expected):
    assert split_host(header, is_encrypted=False) == expected


@pytest.mark.parametrize(
    "header", ["", ":80", "a b:80", "a;script-src *", "127.0.0.1:x", "127.0.0.1:²", "ñ.local"]
)
def test_an_invalid_host_header_is_no_own_page(header):
    assert not is_own_host(header, is_encrypted=False)
    assert not is_own_host(header, is_encrypted=True)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "192.168.1.5", "localhost", "teacher", "teacher.local", "pc.lan."]
)
def test_hosts_of_a_local_network(host):
    assert is_local_host(host)


@pytest.mark.parametrize("host", ["evil.example", "local.evil.example", "notlocal.com", "", "."])
def test_hosts_that_public_dns_may_resolve(host):
    assert not is_local_host(host)


@pytest.mark.parametrize(
    ("origin", "host_header"),
    [
        ("http://127.0.0.1:7780", "127.0.0.1:7778"),
        ("http://[::1]:7780", "[::1]:7778"),
        ("http://Teacher.local:7780", "teacher.local:7778"),
        ("http://192.168.1.5", "192.168.1.5:78"),
        # A relay stands before both.
        ("http://127.0.0.1:9002", "127.0.0.1:9000"),
    ],
)
def test_our_own_page(origin, host_header):
    assert is_own_page(origin, host_header, OFFSET, is_encrypted=False)


@pytest.mark.parametrize(
    ("origin", "host_header"),
    [
        ("http://evil.example:7780", "127.0.0.1:7778"),
        ("http://127.0.0.1:7781", "127.0.0.1:7778"),
        ("http://127.0.0.1", "127.0.0.1:7778"),
        ("https://127.0.0.1:7780", "127.0.0.1:7778"),
        ("null", "127.0.0.1:7778"),
        ("", "127.0.0.1:7778"),
        ("http://127.0.0.1:7780", ""),
        # Its name was pointed to this computer after its page had loaded.
        ("http://evil.example:7780", "evil.example:7778"),
    ],
)
def test_pages_of_others(origin, host_header):
    assert not is_own_page(origin, host_header, OFFSET, is_encrypted=False)


def test_with_tls_the_certificate_proves_the_name():
    assert is_own_page("https://game.example:7780", "game.example:7778", OFFSET, is_encrypted=True)
    assert not is_own_page("https://evil.example:7780", "game.example:7778", OFFSET, True)
