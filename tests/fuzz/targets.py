"""Fuzz targets: every decoder of untrusted bytes, as a function of bytes that must not raise.

A target catches only the documented errors of its decoder. It also asserts what must hold for
accepted input. ``fuzz.py`` runs them guided by coverage; ``test_corpus.py`` replays its findings.
"""

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from random import Random
from ssl import SSLContext

from websockets.exceptions import PayloadTooBig, ProtocolError

from game.lab.measure.results import ResultsError, decode_results
from game.protocol import encoding
from game.protocol.addresses import parse_address
from game.protocol.delta_snapshots import SnapshotDecoder
from game.protocol.names import NAME_LIMIT
from game.protocol.untrusted_text import sanitize_text
from net.codec import CODECS, JSON, MSGPACK
from net.datagram.client_handshake import ClientHandshake
from net.datagram.connection import DatagramConnection
from net.datagram.server_endpoint import DatagramEndpoint
from net.datagram.wire_format import (
    DATAGRAM_LIMIT_BYTES,
    ENCRYPTED,
    FROM_CLIENT,
    HELLO,
    NUMBERED_HEADER,
)
from net.errors import DecodeError, SessionRefused, TlsError
from net.link.profile import Link
from net.link.recording import RecordingError, decode_recording
from net.link.spec import LinkSpecError, parse_link
from net.security.aead import AeadCipher
from net.security.certificates import fingerprint_of, make_self_signed
from net.session.authenticator import Authenticator
from net.session.client import ClientSession, Credentials
from net.session.messages import (
    PROTOCOL_VERSION,
    Hello,
    MessageType,
    decode_challenge,
    decode_proof,
    decode_welcome,
    encode_challenge,
    encode_proof,
    encode_welcome,
)
from net.session.server import ServerSession
from net.stream.framing import FrameDecoder, encode_frame
from net.stream.tls import TlsStream, client_tls, server_context
from net.sync.clock_filter import ClockFilter
from net.system import event_loop
from net.transport import MESSAGE_LIMIT_BYTES, Delivery, SocketOptions, TlsConfig
from plugins.websocket import ServerChannel, WebSocketTransport
from tests.fuzz.stream import Echo, NullStream, feed

PEER = ("127.0.0.1", 4242)
CONNECTION_ID = b"12345678"
# More than a datagram may hold.
PART_LIMIT_BYTES = 2048
# The request that opens a WebSocket.
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: game\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: jitterball\r\n\r\n"
)
# The errors of the library for invalid input. Any other one is a bug.
WEBSOCKET_ERRORS = (ProtocolError, PayloadTooBig, UnicodeDecodeError)
UP, DOWN = b"u" * 32, b"d" * 32


def split_parts(data: bytes) -> list[bytes]:
    """Split bytes into parts, each after its length in two bytes."""
    found = []
    while data:
        length = int.from_bytes(data[:2], "big") % PART_LIMIT_BYTES
        found.append(data[2 : 2 + length])
        data = data[2 + length :]
    return found


def pack(parts: Iterable[bytes]) -> bytes:
    """Return bytes that ``split_parts`` splits into these parts."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def frames(data: bytes) -> None:
    """Feed a stream at once and in parts: both give the same messages."""
    whole, split = FrameDecoder(MESSAGE_LIMIT_BYTES), FrameDecoder(MESSAGE_LIMIT_BYTES)
    parts = split_parts(data)
    stream = b"".join(parts)
    at_once = whole.feed(memoryview(stream))
    in_parts = [message for part in parts for message in split.feed(memoryview(part))]
    assert at_once == in_parts
    assert (whole.close_received, whole.error is None) == (
        split.close_received,
        split.error is None,
    )
    assert b"".join(map(encode_frame, at_once)) == stream[: sum(len(m) + 4 for m in at_once)]


def datagram_connection(data: bytes) -> None:
    """Feed datagrams with the connection's own id and any content, and run its timers."""
    connection = DatagramConnection(CONNECTION_ID, PEER, is_server=True)
    now = 100.0
    connection.send_reliable(b"something to acknowledge", now)
    for part in split_parts(data):
        now += 0.01
        for message in connection.receive(part[:1] + CONNECTION_ID + part[1:], now):
            assert len(message) <= MESSAGE_LIMIT_BYTES
        connection.flush(now)
        if connection.deadline <= now:
            connection.on_timer(now)


def sealed_datagrams(data: bytes) -> None:
    """Feed datagrams of an attacker, and of a peer that has the key, to an encrypted connection.

    The first byte of each part decides which. No message of the attacker is accepted.
    """
    connection = DatagramConnection(CONNECTION_ID, PEER, is_server=True)
    connection.enable_encryption(DOWN, UP)
    peer = AeadCipher(UP)
    now = 100.0
    for number, part in enumerate(split_parts(data), 1):
        now += 0.01
        if part[:1] < b"\x80":
            assert not connection.receive(part[1:2] + CONNECTION_ID + part[2:], now)
        else:
            for message in connection.receive(_sealed(peer, number, part[1:]), now):
                assert len(message) <= MESSAGE_LIMIT_BYTES
        connection.flush(now)
        if connection.deadline <= now:
            connection.on_timer(now)


def datagram_endpoint(data: bytes) -> None:
    """Feed datagrams of unknown peers: no amplification, and no connection is accepted."""
    endpoint = DatagramEndpoint(Random(1), 100.0)
    for step, part in enumerate(split_parts(data)):
        # A hello is read only if it has its full size. The padding needs no fuzzing.
        is_hello = part[:1] == bytes([HELLO])
        part = part.ljust(DATAGRAM_LIMIT_BYTES, b"\0") if is_hello else part
        endpoint.replies.clear()
        endpoint.route(part, PEER, 100.0 + step)
        assert sum(len(reply) for reply, _ in endpoint.replies) <= len(part)
        assert not endpoint.connections


def datagram_client(data: bytes) -> None:
    """Feed any datagrams to a connecting client."""
    handshake = ClientHandshake(Random(1), 100.0)
    for part in split_parts(data):
        handshake.receive(part, PEER, 100.0)
        handshake.outgoing.clear()


def msgpack(data: bytes) -> None:
    """Decode; an accepted value encodes and decodes to the same."""
    with suppress(DecodeError):
        value = MSGPACK.decode(data)
        assert repr(MSGPACK.decode(MSGPACK.encode(value))) == repr(value)


def json(data: bytes) -> None:
    """Decode; an accepted value encodes and decodes to the same."""
    with suppress(DecodeError):
        value = JSON.decode(data)
        assert JSON.decode(JSON.encode(value)) == value


def server_session(data: bytes) -> None:
    """Feed any messages to a server session, as the first ones and after a valid hello."""
    for has_hello in (False, True):
        sent: list[bytes] = []
        session = ServerSession(_keep(sent), lambda: 100.0, ClockFilter(), 1.0)
        if has_hello:
            _send_hello(session)
        for part in split_parts(data):
            with suppress(DecodeError, SessionRefused):
                session.message_received(part, 100.0)


def client_session(data: bytes) -> None:
    """Feed any messages to a client session."""
    session = ClientSession(_keep([]), lambda: 100.0, ClockFilter(), Hello("msgpack", None))
    for part in split_parts(data):
        with suppress(DecodeError, SessionRefused):
            session.message_received(part, 100.0)


def hello(data: bytes) -> None:
    """Feed a hello with any array."""
    session = ServerSession(_keep([]), lambda: 100.0, ClockFilter(), 1.0)
    with suppress(DecodeError, SessionRefused):
        session.message_received(bytes([MessageType.HELLO, PROTOCOL_VERSION]) + data, 100.0)


def handshake(data: bytes) -> None:
    """Decode the same bytes as each handshake message, and feed them to both ends.

    The server accepts no proof, and the client trusts no server.
    """
    for read, write in (
        (decode_challenge, encode_challenge),
        (decode_proof, encode_proof),
        (decode_welcome, encode_welcome),
    ):
        for codec in CODECS.values():
            with suppress(DecodeError):
                value = read(b"\x00" + data, codec)
                assert repr(read(write(value, codec), codec)) == repr(value)
    server = ServerSession(
        _keep([]), lambda: 100.0, ClockFilter(), 1.0, authenticator=_authenticator()
    )
    _send_hello(server)
    with suppress(DecodeError, SessionRefused):
        assert server.message_received(bytes([MessageType.PROOF]) + data, 100.0) is None
    for kind in (MessageType.CHALLENGE, MessageType.WELCOME, MessageType.REFUSE):
        client = ClientSession(
            *(_keep([]), lambda: 100.0, ClockFilter(), Hello("msgpack", None)),
            credentials=Credentials(Random(1), "word", "token"),
            enable_encryption=lambda _send_key, _receive_key: None,
        )
        with suppress(DecodeError):
            received = client.message_received(bytes([kind]) + data, 100.0)
            assert received is None or isinstance(received, SessionRefused)


def tls(data: bytes) -> None:
    """Feed any bytes to TLS: as first bytes of either end, and after the handshake."""
    context, identity = _tls_identity()
    connected, peer = TlsStream(context, None, b""), client_tls(identity, "localhost")
    peer.start()
    while not (connected.is_open and peer.is_open):
        connected.receive(peer.outgoing())
        peer.receive(connected.outgoing())
    connecting = client_tls(identity, "localhost")
    connecting.start()
    for end in (TlsStream(context, None, b""), connecting, connected, peer):
        end.outgoing()
        with suppress(TlsError):
            for part in split_parts(data):
                assert end.receive(part) == b""
        end.outgoing()


def websocket(data: bytes) -> None:
    """Feed any bytes to a WebSocket server: as first bytes, and after the handshake."""
    for opening in ([], [UPGRADE]):
        event_loop.run(_run_websocket(opening + split_parts(data)))


def game_messages(data: bytes) -> None:
    """Decode the same bytes as every message of the game, in both codecs."""
    for codec in CODECS.values():
        decoder = SnapshotDecoder()
        for prefix in (b"", b"\x01", b"\x02", b"\x03", b"\x04"):
            with suppress(DecodeError):
                message = encoding.decode_input(prefix + data, codec)
                encoded = encoding.encode_input(message, codec)
                assert encoding.decode_input(encoded, codec) == message
            with suppress(DecodeError):
                _own, snapshot = encoding.decode_snapshot(prefix + data, codec)
                encoding.encode_snapshot(snapshot, codec)
            with suppress(DecodeError):
                decoder.decode(prefix + data, codec)
        with suppress(DecodeError):
            report = encoding.decode_report(data, codec)
            assert encoding.decode_report(encoding.encode_report(report, codec), codec) == report
        with suppress(DecodeError):
            encoding.decode_vote(data, codec)
        with suppress(DecodeError):
            asked = encoding.decode_room_request(data, codec)
            encoded = encoding.encode_room_request(asked, codec)
            assert encoding.decode_room_request(encoded, codec) == asked
        with suppress(DecodeError):
            encoding.decode_event(data, codec)
        with suppress(DecodeError):
            payload = codec.decode(data)
            for read in (encoding.decode_join_request, encoding.decode_join_response):
                with suppress(DecodeError):
                    read(payload)


def texts(data: bytes) -> None:
    """Parse typed text and edited files: links, addresses, names, results, recorded links."""
    text = data.decode("utf-8", "replace")
    with suppress(LinkSpecError):
        assert isinstance(parse_link(text), Link)
    with suppress(ValueError):
        parse_address(text, 7777)
    with suppress(ResultsError):
        decode_results(text)
    with suppress(RecordingError):
        decode_recording(text)
    assert len(sanitize_text(text, NAME_LIMIT)) <= NAME_LIMIT


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        frames,
        datagram_connection,
        sealed_datagrams,
        datagram_endpoint,
        datagram_client,
        msgpack,
        json,
        server_session,
        client_session,
        hello,
        handshake,
        tls,
        websocket,
        game_messages,
        texts,
    )
}


def _keep(sent: list[bytes]) -> Callable[..., None]:
    def send(message: bytes, _delivery: Delivery, _lane: int) -> None:
        # A channel refuses a longer message.
        assert len(message) <= MESSAGE_LIMIT_BYTES
        sent.append(message)

    return send


def _send_hello(session: ServerSession) -> None:
    sent: list[bytes] = []
    ClientSession(_keep(sent), lambda: 100.0, ClockFilter(), Hello("msgpack", None))
    for message in sent:
        session.message_received(message, 100.0)


def _sealed(seal: AeadCipher, number: int, part: bytes) -> bytes:
    """Return an encrypted datagram of the peer; ``part`` decides kind and acknowledgements."""
    kind = (part[0] if part else 0) & 0x3F | FROM_CLIENT | ENCRYPTED
    acknowledged = int.from_bytes(part[1:3].ljust(2), "big")
    bits = int.from_bytes(part[3:7].ljust(4), "big")
    header = NUMBERED_HEADER.pack(kind, CONNECTION_ID, number, acknowledged, bits)
    return header + seal.encrypt(number, part[7:], header)


async def _run_websocket(parts: list[bytes]) -> None:
    echo = Echo()
    channel = ServerChannel(WebSocketTransport(), SocketOptions(), lambda _channel: echo, set())
    with socket.socket() as sock:
        stream = NullStream(sock)
        channel.connection_made(stream)
        for part in parts:
            feed(channel, part)
        if not stream.is_closing():
            channel.eof_received()
        channel.connection_lost(None)
    assert stream.is_closing()
    assert echo.ends == channel.is_open
    assert all(len(message) <= MESSAGE_LIMIT_BYTES for message in echo.messages)
    parser_error = channel.protocol.parser_exc
    assert parser_error is None or isinstance(parser_error, WEBSOCKET_ERRORS)


@cache
def _authenticator() -> Authenticator:
    return Authenticator(Random(1), lambda _slot_id: None, "another word")


@cache
def _tls_identity() -> tuple[SSLContext, TlsConfig]:
    """Return a server's context, and the TLS settings of its clients."""
    own = make_self_signed()
    return server_context(own), TlsConfig(fingerprint=fingerprint_of(own.certificate_pem))
