"""Tests of SPECs: parsing, formatting, helpful errors, and the label."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.link.label import link_label
from net.link.presets import PRESETS
from net.link.profile import Link, LinkProfile
from net.link.spec import LinkSpecError, format_link, parse_link
from net.link.tcp.congestion import CONGESTION_CONTROLS

times_s = st.floats(0, 60)
ratios = st.floats(0, 1)
queues = st.one_of(st.tuples(times_s, st.none()), st.tuples(st.just(0.1), st.integers(0, 10**12)))
profiles = st.builds(
    lambda queue, **others: LinkProfile(queue_s=queue[0], queue_bytes=queue[1], **others),
    queues,
    delay_s=times_s,
    jitter_s=times_s,
    jitter_is_normal=st.booleans(),
    reorders=st.booleans(),
    loss_ratio=ratios,
    burst=st.floats(1, 1e6),
    duplicate_ratio=ratios,
    rate_bps=st.none() | st.floats(1e-3, 1e12),
    nagle=st.booleans(),
    congestion=st.sampled_from(list(CONGESTION_CONTROLS)),
)


@given(st.builds(Link, profiles, profiles))
def test_formatted_link_parses_to_the_same(link: Link) -> None:
    assert parse_link(format_link(link)) == link


def test_presets_are_formatted_as_their_names() -> None:
    links = {name: parse_link(name) for name in PRESETS}
    names = {name: name for name in PRESETS}
    assert {name: link.name for name, link in links.items()} == names
    assert {name: format_link(link) for name, link in links.items()} == names


def test_each_setting_sets_its_field() -> None:
    spec = (
        "delay=25ms,jitter=5ms,distribution=normal,reorder=on,loss=5%,burst=3,duplicate=1%,"
        "rate=2mbit,queue=50ms,nagle=on,congestion=reno"
    )
    profile = LinkProfile(
        delay_s=0.025,
        jitter_s=0.005,
        jitter_is_normal=True,
        reorders=True,
        loss_ratio=0.05,
        burst=3.0,
        duplicate_ratio=0.01,
        rate_bps=2_000_000.0,
        queue_s=0.05,
        nagle=True,
        congestion="reno",
    )
    assert parse_link(spec) == Link(profile, profile)


def test_units_and_spaces() -> None:
    expected = {
        "delay=0.1s": LinkProfile(delay_s=0.1),
        "delay=250us": LinkProfile(delay_s=0.00025),
        "loss=0.05": LinkProfile(loss_ratio=0.05),
        "rate=512kbit": LinkProfile(rate_bps=512_000.0),
        "rate=1gbit": LinkProfile(rate_bps=1e9),
        "queue=15kb": LinkProfile(queue_bytes=15_000),
        "queue=15kb,queue=20ms": LinkProfile(queue_s=0.02),
        " delay = 25 MS , loss=1% ": LinkProfile(delay_s=0.025, loss_ratio=0.01),
        "rate=2mbit,rate=none": LinkProfile(),
        "none": LinkProfile(),
    }
    links = {spec: parse_link(spec) for spec in expected}
    assert links == {spec: Link(profile, profile) for spec, profile in expected.items()}


def test_up_and_down_set_one_direction() -> None:
    link = parse_link("delay=10ms,up.loss=5%,down.delay=30ms")
    assert link.up == LinkProfile(delay_s=0.01, loss_ratio=0.05)
    assert link.down == LinkProfile(delay_s=0.03)


def test_changed_preset_has_no_name() -> None:
    link = parse_link("lossy,loss=10%")
    assert link.up.delay_s == PRESETS["lossy"].up.delay_s
    assert link.up.loss_ratio == link.down.loss_ratio == 0.1
    assert link.name == ""


# An invalid SPEC, and what its message must contain. Some SPECs have two faults to name.
INVALID_SPECS = (
    ("loss=150%", "loss=100%"),
    ("loss=5", "loss=5%"),
    ("dely=3", "delay=25ms"),
    ("delay=fast", "delay=25ms"),
    ("delay=25", "ms"),
    ("delay=-3ms", "delay=25ms"),
    ("delay=99s", "60 s"),
    ("delay=", "delay=25ms"),
    ("delay=nan", "delay=25ms"),
    ("jitter=1h", "ms"),
    ("burst=0.5", "burst=3"),
    ("burst=1e999", "burst=3"),
    ("rate=2mb", "mbit"),
    ("rate=0mbit", "rate=none"),
    ("rate=inf", "rate=2mbit"),
    ("queue=3m", "ms"),
    ("lossi", "lossy"),
    ("satelite", "satellite"),
    ("dely", "delay=25ms"),
    ("xyzzy", "lossy"),
    ("nagle=yes", "nagle=on"),
    ("congestion=cubik", "congestion=cubic"),
    ("distribution=gauss", "distribution="),
    ("ups.delay=3ms", "up"),
    ("lossy,wifi", "wifi,loss=5%"),
    ("lossy,loss", "loss=5%"),
    ("lossy,", "lossy"),
    ("", "lossy"),
)


def test_invalid_specs_are_refused_in_one_line_that_names_the_right_word() -> None:
    wrong = {}
    for spec, right in INVALID_SPECS:
        with pytest.raises(LinkSpecError) as refusal:
            parse_link(spec)
        message = str(refusal.value)
        if right not in message or "\n" in message:
            wrong[spec] = message
    assert wrong == {}


@given(st.text(max_size=40))
def test_any_other_text_is_refused_by_the_same_error(spec: str) -> None:
    with suppress(LinkSpecError):
        link = parse_link(spec)
        assert parse_link(format_link(link)) == link


def test_label_has_the_settings_in_words() -> None:
    expected = {
        "lossy": "LINK lossy: 25 ms, 5% loss, each way, seed 7",
        "none": "LINK none",
        "queue=20ms": "LINK none",
        "delay=25ms,jitter=5ms": "LINK 25 ± 5 ms, each way, seed 7",
        "loss=3%,burst=4,rate=512kbit": (
            "LINK 3% loss in bursts of 4, 0.512 Mbit/s, each way, seed 7"
        ),
        "up.delay=40ms,down.delay=10ms": "LINK up 40 ms; down 10 ms, seed 7",
        "down.loss=1%": "LINK up free; down 1% loss, seed 7",
        "nagle=on,congestion=reno": "LINK Nagle, reno, each way, seed 7",
        "duplicate=1%,reorder=on": "LINK reordered, 1% doubled, each way, seed 7",
    }
    assert {spec: link_label(parse_link(spec), 7) for spec in expected} == expected


def test_label_without_a_link() -> None:
    assert link_label(None, 7) == "LINK none"
