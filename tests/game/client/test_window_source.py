"""The source of a window: what it adds to the frames of its client."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from game.cli.language import translator
from game.client.frame import Status
from game.client.window_source import WindowSource
from tests.game.view.local_source import LocalSource

REASON = "nobody listens at lab:7777 over udp, but tcp answers"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", REASON), ("es", "nadie escucha en lab:7777 por udp, pero tcp responde")],
)
def test_the_window_says_in_its_own_language_why_there_is_no_match(language, expected):
    frame = replace(LocalSource().frame(0.0), status=Status.CONNECTING, status_text=REASON)
    client = SimpleNamespace(transports={}, server_link_label="", frame=lambda now: frame)
    route, network = SimpleNamespace(label=""), SimpleNamespace(check=lambda: None)
    source = WindowSource(client, route, network, translator(language))
    assert source.frame(0.0).status_text == expected
