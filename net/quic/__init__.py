"""Connections over QUIC (RFC 9000): LATEST messages in datagrams, RELIABLE ones in a stream.

``library`` is the seam to aioquic. ``channel``, ``client`` and ``listener`` own sockets.
``plugins/quic.py`` imports from here.
"""
