"""The transport that only a page uses: it needs a page, TLS and aioquic."""

import sys

import pytest

from game.cli.options.web_page import WebPageOptions, page_transport

PAGE = WebPageOptions(port_offset=3, is_chosen=False, is_required=False)


def test_it_has_the_number_of_the_page():
    pytest.importorskip("aioquic", reason="WebTransport needs aioquic, which is not installed")
    transport = page_transport(PAGE, is_encrypted=True)
    assert transport is not None
    assert (transport.name, transport.port_offset) == ("webtransport", 3)


@pytest.mark.parametrize(("page", "is_encrypted"), [(PAGE, False), (None, True)])
def test_without_a_page_that_came_encrypted_there_is_none(page, is_encrypted):
    assert page_transport(page, is_encrypted) is None


def test_without_aioquic_the_log_says_how_to_get_it(monkeypatch, caplog):
    caplog.set_level("INFO")
    monkeypatch.setitem(sys.modules, "net.quic.webtransport", None)
    assert page_transport(PAGE, is_encrypted=True) is None
    assert "pip install 'jitterball[quic]'" in caplog.text
