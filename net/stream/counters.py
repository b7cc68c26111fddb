"""Counters of one stream channel, and the statistics made of them."""

from net.system.tcp_info import TcpInfo
from net.transport import ChannelStats

_IPV4_HEADER_BYTES, _IPV6_HEADER_BYTES = 20, 40


class StreamCounters:
    """Messages and bytes of one channel, counted where they pass.

    ``payload_bytes_*`` count messages only. ``stream_bytes_*`` count everything that enters or
    leaves the TCP stream: messages, frame headers, handshakes and TLS records.
    ``reads`` counts the reads from the socket.
    """

    __slots__ = (
        "messages_received",
        "messages_sent",
        "payload_bytes_received",
        "payload_bytes_sent",
        "reads",
        "stream_bytes_received",
        "stream_bytes_sent",
    )

    def __init__(self) -> None:
        self.messages_sent = self.messages_received = 0
        self.payload_bytes_sent = self.payload_bytes_received = 0
        self.stream_bytes_sent = self.stream_bytes_received = 0
        self.reads = 0

    def stats(self, tcp: TcpInfo, is_ipv6: bool, replaced: int) -> ChannelStats:
        """Return the channel's statistics; ``tcp`` holds the segments below the stream."""
        # TCP alone knows how many segments there were, and each has an IP and a TCP header.
        ip_bytes = _IPV6_HEADER_BYTES if is_ipv6 else _IPV4_HEADER_BYTES
        header_bytes = ip_bytes + tcp.tcp_header_bytes
        return ChannelStats(
            sent=self.messages_sent,
            received=self.messages_received,
            replaced=replaced,
            retransmitted=tcp.segments_retransmitted,
            payload_bytes_sent=self.payload_bytes_sent,
            payload_bytes_received=self.payload_bytes_received,
            # ``tcp.bytes_sent`` includes retransmissions, so it is used where TCP tells it.
            wire_bytes_sent=tcp.bytes_sent + tcp.segments_sent * header_bytes,
            wire_bytes_received=self.stream_bytes_received + tcp.segments_received * header_bytes,
        )
