"""Sockets: both address families on one port, options, and the mapping of ``OSError``."""

import errno
import socket
import sys
import threading

import pytest

from net.errors import (
    AddressInUse,
    AddressNotAvailable,
    ChannelLost,
    ConnectError,
    ConnectRefused,
    ConnectTimeout,
    ListenError,
    PeerReset,
    PeerTimeout,
    ResolveError,
)
from net.system.sockets import (
    STREAM_SEND_BUFFER_BYTES,
    address_of,
    bound_sockets,
    channel_loss,
    connect_failure,
    connected_socket,
    granted_buffers,
    listen_failure,
    resolve,
)
from net.transport import PORT_MAX, Address, SocketOptions

STREAM, DATAGRAM = socket.SOCK_STREAM, socket.SOCK_DGRAM
KINDS = pytest.mark.parametrize("kind", [STREAM, DATAGRAM], ids=["stream", "datagram"])
PLAIN = SocketOptions()
ADDRESS = Address("192.0.2.1", 7777)


def close_all(sockets):
    for sock in sockets:
        sock.close()


@KINDS
async def test_no_host_is_every_address_of_both_families_on_one_port(kind):
    sockets = await bound_sockets(Address("", 0), kind, PLAIN)
    addresses = [address_of(sock.getsockname()) for sock in sockets]
    close_all(sockets)
    assert {address.host for address in addresses} == {"0.0.0.0", "::"}
    assert len({address.port for address in addresses}) == 1


@KINDS
async def test_a_port_in_use_is_found_out(kind):
    (first,) = await bound_sockets(Address("127.0.0.1", 0), kind, PLAIN)
    with first:
        port = first.getsockname()[1]
        with pytest.raises(AddressInUse, match=f"port {port} "):
            await bound_sockets(Address("127.0.0.1", port), kind, PLAIN)


@KINDS
async def test_a_port_after_the_last_cannot_be_had_like_one_in_use(kind):
    # A system may choose the last port for a server that needs the next ones too.
    with pytest.raises(AddressInUse, match="no port follows 65535"):
        await bound_sockets(Address("127.0.0.1", PORT_MAX + 1), kind, PLAIN)


@KINDS
async def test_a_port_in_use_in_one_family_takes_the_other_down_too(kind):
    (first,) = await bound_sockets(Address("::1", 0), kind, PLAIN)
    with first, pytest.raises(AddressInUse):
        await bound_sockets(Address("", first.getsockname()[1]), kind, PLAIN)


async def test_a_servers_port_is_free_again_at_once():
    (listener,) = await bound_sockets(Address("127.0.0.1", 0), STREAM, PLAIN)
    address = address_of(listener.getsockname())
    client = await connected_socket(address, STREAM, PLAIN)
    server, _ = listener.accept()
    # The end that closes first keeps the port in TIME_WAIT.
    server.close()
    client.close()
    listener.close()
    close_all(await bound_sockets(address, STREAM, PLAIN))


@KINDS
async def test_an_address_of_another_computer_is_refused(kind):
    with pytest.raises(AddressNotAvailable, match=r"203\.0\.113\.1"):
        await bound_sockets(Address("203.0.113.1", 0), kind, PLAIN)


@KINDS
@pytest.mark.parametrize("host", ["nobody.invalid", "a" * 70, "nul\0", "..", "jörg.invalid"])
async def test_a_host_that_cannot_be_resolved_is_unknown(kind, host):
    with pytest.raises(ResolveError):
        await connected_socket(Address(host, 7777), kind, PLAIN)
    with pytest.raises(AddressNotAvailable):
        await bound_sockets(Address(host, 7777), kind, PLAIN)


async def test_numbers_are_resolved_without_a_thread(monkeypatch):
    def start(thread):
        pytest.fail(f"{thread} was started")

    monkeypatch.setattr(threading.Thread, "start", start)
    candidates = await resolve(Address("127.0.0.1", 7777), STREAM)
    assert [candidate.sockaddr for candidate in candidates] == [("127.0.0.1", 7777)]


async def test_the_next_address_of_a_name_is_tried(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        nobody, somebody = (
            (socket.AF_INET, STREAM, 6, "", (host, port)) for host in ("127.0.0.2", "127.0.0.1")
        )
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [nobody, somebody])
        sock = await connected_socket(Address("two.example", port), STREAM, PLAIN)
        with sock:
            assert sock.getpeername() == ("127.0.0.1", port)


async def test_nobody_listening_is_a_refusal():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = address_of(server.getsockname())
    with pytest.raises(ConnectRefused, match=str(address)):
        await connected_socket(address, STREAM, PLAIN)


async def test_a_stream_has_no_nagle_and_a_small_send_buffer():
    (listener,) = await bound_sockets(Address("127.0.0.1", 0), STREAM, PLAIN)
    with listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        granted = granted_buffers(listener).send_bytes
        assert STREAM_SEND_BUFFER_BYTES <= granted <= 2 * STREAM_SEND_BUFFER_BYTES


@KINDS
async def test_buffers_that_are_asked_for_are_set(kind):
    options = SocketOptions(send_buffer_bytes=20_000, receive_buffer_bytes=30_000)
    (sock,) = await bound_sockets(Address("127.0.0.1", 0), kind, options)
    with sock:
        granted = granted_buffers(sock)
        assert 20_000 <= granted.send_bytes <= 40_000
        assert 30_000 <= granted.receive_bytes <= 60_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has SO_EXCLUSIVEADDRUSE instead")
async def test_only_streams_may_reuse_an_address():
    for kind, reused in ((STREAM, True), (DATAGRAM, False)):
        (sock,) = await bound_sockets(Address("127.0.0.1", 0), kind, PLAIN)
        with sock:
            assert bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)) is reused


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), ConnectRefused),
        (TimeoutError(errno.ETIMEDOUT, "timed out"), ConnectTimeout),
        (OSError(errno.EHOSTUNREACH, "no route to host"), ConnectTimeout),
        (OSError(errno.EMFILE, "too many open files"), ConnectError),
    ],
)
def test_errors_of_connecting_are_mapped(error, kind):
    failure = connect_failure(error, ADDRESS)
    assert type(failure) is kind
    assert str(ADDRESS) in str(failure)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.EADDRINUSE, "in use"), AddressInUse),
        (OSError(errno.EADDRNOTAVAIL, "not available"), AddressNotAvailable),
        (PermissionError(errno.EPERM, "not permitted"), ListenError),
    ],
)
def test_errors_of_listening_are_mapped(error, kind):
    assert type(listen_failure(error, ADDRESS)) is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionResetError(), PeerReset),
        (BrokenPipeError(), PeerReset),
        (TimeoutError(errno.ETIMEDOUT, "timed out"), PeerTimeout),
        (OSError(errno.ENETUNREACH, "unreachable"), PeerTimeout),
        (OSError(errno.EIO, "broken"), ChannelLost),
    ],
)
def test_a_lost_channel_names_its_peer(error, kind):
    loss = channel_loss(error, ADDRESS)
    assert type(loss) is kind
    assert str(ADDRESS) in str(loss)
