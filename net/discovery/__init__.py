"""Discovery: finding servers on the local network by small UDP probes.

The asker sends a probe to the broadcast address of every network card, and to an IPv6 multicast
group on each. A server answers the asker directly, with no more bytes than it received.
"""
