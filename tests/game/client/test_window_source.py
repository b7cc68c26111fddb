"""The source of a window: what it adds to the frames of its client."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from game.cli.language import translator
from game.client.frame import Status
from game.client.window_source import WindowSource
from game.protocol.messages import ChatLine, Notice
from tests.game.view.local_source import LocalSource

REASON = "nobody listens at lab:7777 over udp, but tcp answers"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", REASON), ("es", "nadie escucha en lab:7777 por udp, pero tcp responde")],
)
def test_the_window_says_in_its_own_language_why_there_is_no_match(language, expected):
    frame = replace(LocalSource().frame(0.0), status=Status.CONNECTING, status_text=REASON)
    assert shown(frame, language).status_text == expected


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("only Ana stops this match", "solo Ana puede parar este partido"),
        ("udp: nobody listens at lab:7777", "udp: nadie escucha en lab:7777"),
        ("We begin in five minutes.", "We begin in five minutes."),
    ],
)
def test_a_notice_is_in_the_language_of_the_window_and_what_a_person_wrote_stays(english, spanish):
    chat = ChatLine(3, "Ana", "this server has no chat")
    frame = replace(LocalSource().frame(0.0), events=(Notice(2, english), chat))
    assert shown(frame, "es").events == (Notice(2, spanish), chat)
    assert shown(frame, "en") == frame


def shown(frame, language):
    client = SimpleNamespace(transports={}, server_link_label="", frame=lambda now: frame)
    route, network = SimpleNamespace(label=""), SimpleNamespace(check=lambda: None)
    return WindowSource(client, route, network, translator(language)).frame(0.0)
