"""Stream channels on a fake stream: order, back-pressure, closing and TLS replies."""

import asyncio
import errno
import socket
from time import perf_counter

import pytest

from net.errors import (
    ChannelLost,
    MessageTooLarge,
    PeerReset,
    PeerTimeout,
    ProtocolError,
    SendQueueOverflow,
)
from net.stream import channel as stream_module
from net.stream import tls_layer
from net.stream.channel import StreamChannel
from net.transport import RELIABLE_LIMIT_BYTES, Delivery, Guarantees, SocketOptions, Transport

LIMIT = 64 * 1024


class LinesTransport(Transport):
    """A transport of text lines, with only what a channel reads of it."""

    name = "lines"
    guarantees = Guarantees("lines", True, False, LIMIT, 41)

    async def connect(self, address, receiver, options=SocketOptions()):
        raise NotImplementedError

    async def listen(self, address, accept, options=SocketOptions()):
        raise NotImplementedError


class LinesChannel(StreamChannel):
    def encode(self, message):
        return message + b"\n"

    def bytes_received(self, received, received_at):
        for line in bytes(received).splitlines():
            if line == b"bye":
                self.terminate(None)
            elif line == b"bad":
                self.terminate(ProtocolError("bad"))
            else:
                self.deliver(line, received_at)

    def write_close(self):
        self.write(b"bye\n")
        self.end_writing()


class FakeSocket:
    family = socket.AF_INET

    def __init__(self):
        self.options = []

    def setsockopt(self, level, name, value):
        self.options.append((level, name))

    def getsockopt(self, level, name, size=0):
        if size:
            raise OSError(errno.ENOPROTOOPT, "no TCP_INFO")
        return 4096


class FakeStream:
    """A stream that writes into a list; the test decides when it is full and when it ends."""

    def __init__(self, peername=("192.0.2.1", 7777)):
        self.written = []
        self.is_read = True
        self.aborted = self.eof = False
        self.gone = asyncio.Event()
        self.full_after = None
        self.channel = None
        self.info = {"socket": FakeSocket(), "peername": peername}

    def set_write_buffer_limits(self, high):
        assert high == 0

    def get_extra_info(self, name):
        return self.info[name]

    def write(self, data):
        assert not self.eof
        self.written.append(data)
        if self.full_after is not None:
            self.full_after -= 1
            if self.full_after == 0:
                self.channel.pause_writing()

    def write_eof(self):
        self.eof = True

    def get_write_buffer_size(self):
        return 0 if self.is_read else sum(map(len, self.written))

    def is_closing(self):
        return self.aborted

    def abort(self):
        self.aborted = True
        self.gone.set()

    @property
    def reset(self):
        """True if closing the socket will send a reset."""
        return (socket.SOL_SOCKET, socket.SO_LINGER) in self.info["socket"].options


class AnsweringTls:
    """TLS that replies to everything, as to key updates, which Python's ``ssl`` cannot send."""

    is_open = False

    def start(self):
        pass

    def receive(self, records):
        self.is_open = True
        return records if records.endswith(b"\n") else b""

    def outgoing(self):
        return bytes(1000)


class RecordingReceiver:
    def __init__(self):
        self.messages = []
        self.stamps = []
        self.endings = []

    def message_received(self, channel, message, received_at):
        self.messages.append(message)
        self.stamps.append(received_at)

    def channel_closed(self, channel, error):
        self.endings.append(error)


def connected(accept=None, peername=("192.0.2.1", 7777)):
    """Return a channel on a fake stream, the stream, and the receiver."""
    receiver, stream, open_channels = RecordingReceiver(), FakeStream(peername), set()
    channel = LinesChannel(
        LinesTransport(), SocketOptions(), accept or (lambda channel: receiver), open_channels
    )
    stream.channel = channel
    channel.connection_made(stream)
    return channel, stream, receiver


def receive(channel, data):
    channel.get_buffer(-1)[: len(data)] = data
    channel.buffer_updated(len(data))


async def test_an_arrival_is_stamped_before_the_read():
    """A read may end late, when another thread holds the interpreter."""
    channel, _, receiver = connected()
    before = perf_counter()
    buffer = channel.get_buffer(-1)
    read_at = perf_counter()
    buffer[:2] = b"1\n"
    channel.buffer_updated(2)
    assert receiver.messages == [b"1"]
    assert before <= receiver.stamps[0] <= read_at


async def test_messages_are_written_at_once_while_the_stream_takes_them():
    channel, stream, _ = connected()
    channel.send(b"1", Delivery.RELIABLE)
    channel.send(b"2", Delivery.LATEST)
    assert stream.written == [b"1\n", b"2\n"]


async def test_a_full_stream_leaves_messages_where_newer_ones_replace_them():
    channel, stream, _ = connected()
    channel.pause_writing()
    for message in (b"old", b"new"):
        channel.send(message, Delivery.LATEST)
        channel.send(b"event", Delivery.RELIABLE)
    assert stream.written == []
    channel.resume_writing()
    assert stream.written == [b"new\n", b"event\n", b"event\n"]
    counters = channel.stats()
    assert (counters.sent, counters.replaced) == (3, 1)


async def test_a_stream_that_is_full_again_keeps_the_rest_waiting():
    channel, stream, _ = connected()
    channel.pause_writing()
    for number in range(5):
        channel.send(b"%d" % number, Delivery.RELIABLE)
    stream.full_after = 2
    channel.resume_writing()
    assert stream.written == [b"0\n", b"1\n"]
    channel.resume_writing()
    assert stream.written == [b"0\n", b"1\n", b"2\n", b"3\n", b"4\n"]


async def test_a_message_over_the_limit_is_refused_in_every_state():
    channel, stream, _ = connected()
    for _ in range(2):
        with pytest.raises(MessageTooLarge):
            channel.send(bytes(LIMIT + 1), Delivery.LATEST)
        channel.abort()
    assert stream.written == []


async def test_too_much_that_is_reliable_resets_the_stream():
    channel, stream, receiver = connected()
    channel.pause_writing()
    for _ in range(RELIABLE_LIMIT_BYTES // LIMIT + 1):
        channel.send(bytes(LIMIT), Delivery.RELIABLE)
    assert stream.aborted
    assert stream.reset
    assert channel.closed
    assert receiver.endings == [], "reported inside send()"
    channel.connection_lost(None)
    assert [type(error) for error in receiver.endings] == [SendQueueOverflow]


async def test_a_close_follows_the_messages_sent_before():
    channel, stream, receiver = connected()
    channel.pause_writing()
    channel.send(b"last words", Delivery.RELIABLE)
    closing = asyncio.create_task(channel.close())
    await asyncio.sleep(0)
    assert stream.written == []
    channel.send(b"too late", Delivery.RELIABLE)
    channel.resume_writing()
    assert stream.written == [b"last words\n", b"bye\n"]
    assert stream.eof
    channel.resume_writing()
    assert len(stream.written) == 2
    channel.eof_received()
    channel.connection_lost(None)
    await closing
    assert receiver.endings == [None]


async def test_a_close_that_the_peer_does_not_read_times_out(monkeypatch):
    monkeypatch.setattr(stream_module, "CLOSE_TIMEOUT_S", 0.01)
    channel, stream, receiver = connected()
    channel.pause_writing()
    channel.send(b"last words", Delivery.RELIABLE)
    closing = asyncio.create_task(channel.close())
    await stream.gone.wait()
    assert stream.reset
    channel.connection_lost(None)
    await closing
    assert [type(error) for error in receiver.endings] == [PeerTimeout]


async def test_the_peers_close_ends_the_channel_without_a_reset():
    channel, stream, receiver = connected()
    receive(channel, b"hello\nbye\nafter\n")
    assert receiver.messages == [b"hello"]
    assert stream.aborted
    assert not stream.reset
    channel.connection_lost(None)
    assert receiver.endings == [None]


async def test_bad_bytes_reset_the_stream_and_keep_the_good_ones():
    channel, stream, receiver = connected()
    receive(channel, b"good\nbad\nafter\n")
    assert receiver.messages == [b"good"]
    assert stream.reset
    channel.connection_lost(None)
    assert [type(error) for error in receiver.endings] == [ProtocolError]


async def test_the_end_of_the_stream_alone_is_a_loss():
    channel, stream, receiver = connected()
    channel.eof_received()
    assert stream.aborted
    channel.connection_lost(None)
    assert [type(error) for error in receiver.endings] == [PeerReset]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionResetError(), PeerReset),
        (BrokenPipeError(), PeerReset),
        (TimeoutError(), PeerTimeout),
        (OSError(errno.EHOSTUNREACH, "no route"), PeerTimeout),
        (ValueError("a receiver's mistake"), ChannelLost),
    ],
)
async def test_errors_of_a_broken_stream_are_mapped(error, kind):
    channel, _, receiver = connected()
    channel.connection_lost(error)
    assert [type(ending) for ending in receiver.endings] == [kind]


async def test_a_reset_after_our_close_is_no_error():
    channel, _, receiver = connected()
    closing = asyncio.create_task(channel.close())
    await asyncio.sleep(0)
    channel.connection_lost(ConnectionResetError())
    await closing
    assert receiver.endings == [None]


async def test_the_accept_callback_may_send():
    def accept(channel):
        channel.send(b"welcome", Delivery.RELIABLE)
        return RecordingReceiver()

    _, stream, _ = connected(accept)
    assert stream.written == [b"welcome\n"]


async def test_the_accept_callback_may_abort():
    receiver = RecordingReceiver()

    def accept(channel):
        channel.abort()
        return receiver

    channel, stream, _ = connected(accept)
    receive(channel, b"let me in\n")
    channel.connection_lost(None)
    assert stream.aborted
    assert receiver.messages == []
    assert receiver.endings == [None]


async def test_an_exception_in_the_accept_callback_ends_that_stream_only():
    def accept(channel):
        raise RuntimeError("a mistake")

    receiver, stream = RecordingReceiver(), FakeStream()
    channel = LinesChannel(LinesTransport(), SocketOptions(), accept, set())
    with pytest.raises(RuntimeError, match="a mistake"):
        channel.connection_made(stream)
    assert stream.aborted
    channel.connection_lost(None)
    assert receiver.endings == []


async def test_a_peer_that_is_gone_before_it_is_accepted_is_not_reported():
    channel, stream, receiver = connected(accept=pytest.fail, peername=None)
    assert stream.aborted
    channel.connection_lost(None)
    await channel.close()
    assert receiver.endings == []


async def test_a_discarded_channel_is_not_reported():
    channel, stream, receiver = connected()
    channel.discard()
    assert stream.aborted
    channel.connection_lost(None)
    assert receiver.endings == []


async def test_counters_are_estimated_where_the_kernel_does_not_tell():
    channel, _, _ = connected()
    channel.send(b"123", Delivery.RELIABLE)
    channel.send(b"45", Delivery.RELIABLE)
    receive(channel, b"6789\n")
    counters = channel.stats()
    # A line end for each message; IPv4 and TCP headers for each write and each read.
    assert counters.wire_bytes_sent == 3 + 2 + 2 + 2 * 40
    assert counters.wire_bytes_received == 5 + 40
    assert counters.payload_bytes_sent == 5
    assert counters.payload_bytes_received == 4


def connected_with_tls():
    """Return a channel with an open TLS layer, its fake stream, and the receiver."""
    receiver, stream = RecordingReceiver(), FakeStream()
    channel = LinesChannel(LinesTransport(), SocketOptions(), lambda _channel: receiver, set())
    channel.enable_tls(AnsweringTls(), handshake_timeout_s=60.0)
    channel.connection_made(stream)
    receive(channel, b"the handshake")
    return channel, stream, receiver


async def test_a_peer_that_demands_tls_replies_and_never_reads_is_cut():
    channel, stream, receiver = connected_with_tls()
    stream.is_read = False
    while not channel.closed:
        receive(channel, b"update your key")
        assert sum(map(len, stream.written)) <= stream_module.REPLY_BACKLOG_BYTES + 1000
    assert stream.reset
    channel.connection_lost(None)
    assert [type(error) for error in receiver.endings] == [SendQueueOverflow]


async def test_a_peer_that_demands_tls_replies_and_reads_stays():
    channel, stream, _ = connected_with_tls()
    for _ in range(1000):
        receive(channel, b"update your key")
    assert sum(map(len, stream.written)) > stream_module.REPLY_BACKLOG_BYTES
    assert not channel.closed


async def test_a_flood_of_tls_that_carries_nothing_ends_the_channel():
    channel, stream, receiver = connected_with_tls()
    received_bytes = 0
    while not channel.closed:
        receive(channel, b"update your key" * 100)
        received_bytes += 1500
        assert received_bytes < 2 * tls_layer.TLS_EXTRA_BURST_BYTES
    assert stream.reset
    channel.connection_lost(None)
    assert [type(error) for error in receiver.endings] == [ProtocolError]


async def test_any_amount_of_content_over_tls_keeps_the_channel():
    channel, _, receiver = connected_with_tls()
    message = b"1" * 1000
    for _ in range(1000):
        receive(channel, message + b"\n")
    assert receiver.messages == [message] * 1000
    assert not channel.closed


async def test_a_reply_behind_the_largest_message_keeps_the_channel():
    channel, stream, _ = connected()
    stream.is_read = False
    channel.send(bytes(LIMIT), Delivery.RELIABLE)
    channel.write(bytes(1000))
    channel.limit_replies()
    assert not channel.closed
