"""Channels over byte streams: framing, send queue, TLS, and connecting and accepting.

Transport plugins over a stream import from here: ``channel``, ``endpoints`` and ``framing``.
"""
