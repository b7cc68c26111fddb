"""The traces of one lost packet, and the diagram that shows all of them."""

from xml.etree import ElementTree

import pytest

from game.lab.diagram.lost_packet import PacketOutcome, trace_tcp, trace_udp
from game.lab.diagram.sequence_diagram import draw

DELAY_S, LOST, COUNT = 0.025, 3, 9


@pytest.fixture(scope="module")
def tcp():
    return trace_tcp(DELAY_S, LOST, COUNT)


@pytest.fixture(scope="module")
def udp():
    return trace_udp(DELAY_S, LOST, COUNT)


def test_over_udp_exactly_one_snapshot_is_missing_and_no_other_is_late(udp):
    assert [delivery.label for delivery in udp.deliveries] == [
        "0",
        "1",
        "2",
        "4",
        "5",
        "6",
        "7",
        "8",
    ]
    assert all(delivery.age_s == pytest.approx(DELAY_S) for delivery in udp.deliveries)


def test_over_tcp_every_snapshot_is_read_once_and_in_order(tcp):
    assert [delivery.label for delivery in tcp.deliveries] == [str(n) for n in range(COUNT)]


def test_over_tcp_what_follows_a_lost_packet_waits_for_it_and_comes_at_once(tcp):
    lost, behind = tcp.deliveries[LOST], tcp.deliveries[LOST + 1]
    # A round trip until the server knows, and once more the way down, at the least.
    assert lost.age_s > 3 * DELAY_S
    assert behind.at == pytest.approx(lost.at)
    assert behind.age_s > DELAY_S


def test_the_lost_packet_is_reported_by_sacks_and_sent_again_behind_them(tcp):
    (lost,) = [arrow for arrow in tcp.arrows if arrow.outcome is PacketOutcome.LOST]
    (again,) = [arrow for arrow in tcp.arrows if arrow.outcome is PacketOutcome.RESENT]
    sacks = [arrow for arrow in tcp.arrows if arrow.outcome is PacketOutcome.SACK]
    assert lost.label == again.label == str(LOST)
    assert min(sack.arrived_at for sack in sacks) <= again.sent_at
    assert tcp.deliveries[LOST].at == pytest.approx(again.arrived_at)


def test_the_diagram_is_well_formed_and_shows_every_arrow_and_reading(tcp, udp):
    root = ElementTree.fromstring(draw([tcp, udp], "a <caption> & more"))
    lines = [element for element in root.iter() if element.tag.endswith("line")]
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    lifelines, legend = 6, 4
    assert len(lines) == len(tcp.arrows) + len(udp.arrows) + lifelines + legend
    assert "a <caption> & more" in texts
    assert texts.count("✕") == 2
    assert any(text.startswith("3 4 5:") for text in texts)
