"""Discovery: finding servers on the local network by small UDP probes.

The asker sends a probe to the broadcast address of every network card. It also sends one to an
IPv6 multicast group on each card. A server answers the asker directly, with no more bytes than it
received. A game imports ``announcer`` for its server, ``search_sockets`` for its client,
and ``probe``.
"""
