"""Tests of the captions: over a recorded minute they say what the link did, and can be read."""

from itertools import groupby, pairwise

import pytest

from game.client.frame_history import FrameHistory
from game.client.panel_stats import panel_stats
from game.view.network.captions import Caption, CaptionWriter
from game.view.texts import ENGLISH, LANGUAGES
from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile
from tests.game.view.network.recorded_minute import record

# One worker records the minutes, for all tests that read them.
pytestmark = pytest.mark.xdist_group("recorded minute")

LOSSY = PRESETS["lossy"]
FRAME_S = 1 / 60
BASE = (ENGLISH.ordered_stream, ENGLISH.independent_packets)


def captions(transport: str, link: Link, seconds: float = 60.0) -> list[Caption]:
    """Return the caption of each frame of a recorded minute."""
    writer, history = CaptionWriter(ENGLISH), FrameHistory()
    written = []
    for moment in record(transport, link, seconds):
        history.record(moment.now, moment.frame, None, moment.link)
        written.append(writer.caption(moment.now, moment.frame, history, transport == "tcp"))
    return written


def test_tcp_speaks_of_loss_at_least_as_long_as_udp() -> None:
    spoken_s = {
        transport: sum(
            FRAME_S
            for caption in captions(transport, LOSSY)
            if "lost" in caption.text or "sent again" in caption.text
        )
        for transport in ("tcp", "udp")
    }
    assert spoken_s["udp"] > 20.0
    assert spoken_s["tcp"] >= spoken_s["udp"], spoken_s


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_news_stay_long_enough_to_read_unless_more_important_news_come(transport: str) -> None:
    runs = [(text, list(run)) for text, run in groupby(captions(transport, LOSSY))]
    # The last run is cut off by the end of the recording.
    short = [
        (caption.text, len(run) * FRAME_S, after.text)
        for (caption, run), (after, _) in pairwise(runs)
        if caption.is_news
        and len(run) * FRAME_S < 1.5
        and after.rank <= caption.rank
        # The end of a freeze ends the words about it.
        and caption.text != ENGLISH.stream_frozen
    ]
    assert len(runs) > 10
    assert not short


def test_the_wait_of_a_stream_and_its_end_have_captions() -> None:
    texts = {caption.text for caption in captions("tcp", LOSSY)}
    assert {ENGLISH.stream_frozen, ENGLISH.burst_after_stall, ENGLISH.stream_loss} <= texts


def test_a_stream_says_at_once_that_it_has_come_to_life_and_not_after_a_new_loss() -> None:
    writer, history = CaptionWriter(ENGLISH), FrameHistory()
    told = 0
    for moment in record("tcp", LOSSY, 60.0):
        history.record(moment.now, moment.frame, None, moment.link)
        text = writer.caption(moment.now, moment.frame, history, True).text
        freeze = history.freeze(moment.now)
        lost_ago_s = moment.now - history.wire_loss.lost_at
        is_end = freeze is not None and freeze.is_over and freeze.ended_ago_s == 0.0
        if is_end and lost_ago_s > 0.0:
            assert text == ENGLISH.burst_after_stall, moment.now
            told += 1
        if text == ENGLISH.burst_after_stall and freeze is not None:
            assert lost_ago_s > freeze.ended_ago_s, moment.now
    assert told >= 2


def test_datagrams_never_tell_of_waiting() -> None:
    texts = {caption.text for caption in captions("udp", LOSSY)}
    assert texts <= {ENGLISH.datagram_loss, ENGLISH.independent_packets, ENGLISH.no_data}


def test_without_loss_there_are_no_news() -> None:
    link = Link(LinkProfile(delay_s=0.025), LinkProfile(delay_s=0.025))
    for transport in ("tcp", "udp"):
        # The first snapshots are still on their way.
        late = captions(transport, link, 5.0)[60:]
        assert not [caption.text for caption in late if caption.is_news]


def test_both_transports_show_the_losses_of_the_wire() -> None:
    shown = {}
    for transport in ("tcp", "udp"):
        history = FrameHistory()
        for moment in record(transport, LOSSY):
            history.record(moment.now, moment.frame, None, moment.link)
        stats = panel_stats(moment.frame, history, moment.link)
        assert stats is not None
        shown[transport] = stats
    assert shown["tcp"].wire_loss_ratio == pytest.approx(LOSSY.down.loss_ratio, abs=0.02)
    assert shown["udp"].wire_loss_ratio == pytest.approx(LOSSY.down.loss_ratio, abs=0.02)
    assert shown["tcp"].never_shown_ratio == 0.0 < shown["udp"].never_shown_ratio
    assert shown["tcp"].starved_ratio > shown["udp"].starved_ratio


def test_a_short_caption_has_at_most_three_words() -> None:
    names = [name for name in ENGLISH.__slots__ if name.endswith("_short")]
    assert len(names) >= 7
    long = [
        (language, name)
        for language, texts in LANGUAGES.items()
        for name in names
        if len(getattr(texts, name).split()) > 3
    ]
    assert not long
