"""Connections over UDP: wire format, acknowledgements, reliable delivery, encryption, sockets.

``channel``, ``client``, ``listener``, ``server_sockets`` and ``udp_socket`` own sockets; everything
else is pure. ``plugins/udp.py`` imports from here.
"""
