"""Connections over UDP: wire format, acknowledgements, reliable delivery, encryption, sockets.

``channel``, ``client`` and ``listener`` own sockets; everything else is pure. ``plugins/udp.py``
imports from here.
"""
