"""Links of a relay's clients: that of all, their own, and bursts of loss."""

from net.link.profile import Link, RelayProtocol
from net.link.relay.client_links import ClientLinks
from net.link.relay.settings import RelayClient
from net.link.spec import parse_link
from net.transport import Address

ANA = RelayClient(RelayProtocol.TCP, Address("10.0.0.1", 5))
BEN = RelayClient(RelayProtocol.UDP, Address("10.0.0.1", 5))
SLOW, LOSSY = parse_link("delay=40ms"), parse_link("loss=5%")


def test_a_link_of_ones_own_hides_that_of_all():
    links = ClientLinks(Link())
    links.set_link(SLOW, ANA)
    links.set_link(LOSSY, None)
    assert (links.link_of(ANA), links.link_of(BEN)) == (SLOW, LOSSY)
    links.clear_link(ANA)
    assert links.link_of(ANA) == LOSSY


def test_a_burst_loses_all_and_changes_nothing_else():
    links = ClientLinks(SLOW)
    links.set_burst(True, ANA)
    burst = links.link_of(ANA)
    assert burst.up.loss_ratio == burst.down.loss_ratio == 1.0
    assert burst.up.delay_s == SLOW.up.delay_s
    assert links.link_of(BEN) == SLOW
    links.set_burst(False, ANA)
    assert links.link_of(ANA) == SLOW


def test_a_burst_for_all_spares_nobody():
    links = ClientLinks(Link())
    links.set_link(SLOW, BEN)
    links.set_burst(True, None)
    assert links.link_of(ANA).up.loss_ratio == links.link_of(BEN).up.loss_ratio == 1.0
