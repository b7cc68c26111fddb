"""Tests of the file of a recorded link, and of the SPECs that name one."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.json_lines import encode_line, link_from_json, link_to_json
from net.link.label import SPANISH_LINK_WORDS, link_label
from net.link.profile import Link
from net.link.recording import (
    LinkRecording,
    RecordingError,
    decode_recording,
    encode_recording,
)
from net.link.spec import LinkSpecError, format_link, parse_link
from tests.net.link.recorded import direction, recorded, recording

ROOM = recording(direction([0.02, None, 0.021] * 20), duration_s=61.0)
FILE = "room.link.json"


def read(_file: str) -> LinkRecording:
    return ROOM


def test_a_recording_is_read_as_it_was_written() -> None:
    wifi = recorded(parse_link("wifi"), 7, 2.0)
    again = decode_recording(encode_recording(wifi))
    assert again.down.delay_s == tuple(
        None if delay is None else round(delay, 6) for delay in wifi.down.delay_s
    )
    assert replace(again, up=ROOM.up, down=ROOM.down) == replace(wifi, up=ROOM.up, down=ROOM.down)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"format": "football"}, "no recorded link"),
        ({"version": 2}, "version: 2 is not 1"),
        ({"duration_s": 9000.0}, "duration_s: 9000.0 is not a number from 0.1 to 1800"),
        ({"duration_s": 0.15}, "up: 0.2 s is after the end at 0.15 s"),
        ({"colour": 1}, "colour: unknown field"),
        ({"up.sent_at_s": [0.0, 0.2, 0.1]}, "sent_at_s[2]: 0.1 is earlier than the one before"),
        ({"up.sent_at_s": [-1.0, 0.2, 0.3]}, "up.sent_at_s[0]: -1.0 is not a number from 0"),
        ({"up.delay_s": [0.1, None, -0.1]}, "up.delay_s[2]: -0.1 is not a number from 0 to 60"),
        ({"up.delay_s": [0.1, None]}, "sent_at_s has 3 values and delay_s 2"),
        ({"up.delay_s": [None] * 3}, "every probe was lost"),
        ({"up.rate_at_s": [0], "up.rate_bps": [0]}, "every rate is 0"),
        ({"up.sent_at_s": [], "up.delay_s": []}, "neither a probe nor a rate"),
    ],
)
def test_what_a_file_says_is_checked(change: dict[str, Any], complaint: str) -> None:
    plain = json.loads(encode_recording(recording(direction([0.1] * 3, interval_s=0.1))))
    for key, value in change.items():
        side, _, name = key.rpartition(".")
        (plain[side] if side else plain)[name] = value
    with pytest.raises(RecordingError) as refusal:
        decode_recording(json.dumps(plain))
    assert complaint in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("text", ["", " \n", "{", "[]", "null", "1e999", '{"format": NaN}'])
def test_a_text_that_is_no_recording_is_refused(text: str) -> None:
    with pytest.raises(RecordingError):
        decode_recording(text)


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(RecordingError):
        decode_recording(text)


def test_a_spec_names_a_recording_and_changes_it() -> None:
    link = parse_link(f"{FILE},delay=+20ms,up.loss=3%,start=30s,loop", read)
    assert link.playback is not None
    assert (link.playback.start_s, link.playback.loops) == (30.0, True)
    assert (link.up.delay_s, link.up.loss_ratio, link.down.loss_ratio) == (0.02, 0.03, 0.0)
    assert "0" not in link.playback.up.arrived
    assert "0" in link.playback.down.arrived
    assert parse_link(format_link(link), read) == link


def test_a_delay_without_a_sign_replaces_the_recorded_one() -> None:
    link = parse_link(f"{FILE},delay=20ms", read)
    assert link.playback is not None
    assert set(link.playback.up.delay_s) == {0.0}
    assert link.up.delay_s == 0.02


def test_a_delay_can_be_added_to_a_preset_too() -> None:
    assert parse_link("lossy,delay=+5ms").up.delay_s == 0.03


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("lossy,loop", "loop needs a recording"),
        (f"{FILE},start=2m", "has no unit"),
        (f"{FILE},start=62s", "start=62s is after the end: the recording has 61 s"),
        (f"{FILE},loop=maybe", "loop=maybe is unknown"),
        (f"{FILE},lag=3", "there is no 'lag'"),
    ],
)
def test_a_bad_change_is_explained(spec: str, complaint: str) -> None:
    with pytest.raises(LinkSpecError) as refusal:
        parse_link(spec, read)
    assert complaint in str(refusal.value)


def test_a_recording_that_reordered_is_played_with_reordering() -> None:
    reordering = recording(direction([0.02, 0.03] * 30, reordered=2))
    link = parse_link(FILE, lambda _file: reordering)
    assert link.up.reorders
    assert not parse_link(f"{FILE},reorder=off", lambda _file: reordering).up.reorders


def test_the_label_says_what_is_played_and_where_it_is() -> None:
    link = parse_link(FILE, read).playing(100.0)
    assert link_label(link, 7, now=131.9) == "LINK recorded: room, 0:31 of 1:01"
    assert link_label(link, 7, SPANISH_LINK_WORDS) == "ENLACE grabado: room, 0:00 de 1:01"
    later = parse_link(f"{FILE},delay=+20ms,start=50s", read).playing(100.0)
    assert link_label(later, 7, now=500.0) == (
        "LINK recorded: room, 1:01 of 1:01, 20 ms, each way, seed 7"
    )


def test_a_recorded_link_reaches_a_relay_unchanged() -> None:
    link = parse_link(f"{FILE},loop", read).playing(5.0)
    again = link_from_json(json.loads(encode_line(link_to_json(link))))
    assert again == link
    assert asdict(again) == asdict(link)


def test_a_link_without_a_recording_begins_nothing() -> None:
    assert Link().playing(3.0) == Link()
