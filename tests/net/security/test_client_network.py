"""Client networks: which addresses are counted together."""

from net.security.client_network import client_network, is_loopback


def test_an_ipv6_network_counts_as_one():
    expected = {
        "192.168.1.7": "192.168.1.7",
        "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
        "2001:db8:1:2::99": "2001:db8:1:2::/64",
        "fe80::1%eth0": "fe80::/64",
        "::1": "::/64",
        "lab-pc": "lab-pc",
    }
    assert {host: client_network(host) for host in expected} == expected


def test_loopback_is_recognised_as_address_and_as_network():
    expected = {"127.0.0.1": True, "::1": True, "::/64": True, "192.0.2.1": False, "lab-pc": False}
    assert {host: is_loopback(host) for host in expected} == expected
