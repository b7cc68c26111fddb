"""Bytes of a TCP connection, for the payloads in its packet log.  [pure]

The model of TCP counts bytes and does not hold them.
"""

from net.link.tcp.endpoint import Side

__all__ = ["SentBytes"]


class SentBytes:
    """Bytes of both streams, kept until they are acknowledged: they may be sent again."""

    def __init__(self) -> None:
        # Both by side.
        self._kept = (bytearray(), bytearray())
        self._starts = [0, 0]  # the position of the first kept byte

    def append(self, side: Side, data: bytes | memoryview) -> None:
        """Keep bytes that ``side`` writes; call this before the model gets their count."""
        self._kept[side].extend(data)

    def forget(self, side: Side, position: int) -> None:
        """Forget the bytes of ``side`` before ``position``."""
        n_bytes = position - self._starts[side]
        if n_bytes > 0:
            del self._kept[side][:n_bytes]
            self._starts[side] = position

    def between(self, side: Side, begin: int, end: int) -> bytes:
        """Return the kept bytes of ``side`` from ``begin`` to ``end``, ``end`` excluded.

        The end mark of the stream is one position without a byte.
        """
        start = self._starts[side]
        return bytes(self._kept[side][begin - start : end - start])
