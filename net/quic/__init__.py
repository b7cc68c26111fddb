"""Connections over QUIC (RFC 9000): LATEST messages in datagrams, RELIABLE ones in a stream.

``aioquic_adapter`` wraps a connection of the library aioquic. ``channel``, ``client`` and
``listener`` own sockets. ``webtransport`` carries the same messages for a web page, over HTTP/3.
``plugins/quic.py`` imports from here.
"""
