"""The option ``--link``, and the commands ``jitterball link`` and ``links``."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from game.cli.app import main
from game.cli.options import link
from game.cli.options.link import open_route
from game.client.client import Client
from game.client.frame import Status
from game.client.settings import ClientSettings
from game.protocol.messages import JoinRequest
from net.link.presets import PRESETS
from net.link.spec import parse_link
from net.transport import Address
from tests.game.cli.command_line import JITTERBALL, LIMIT_S, begun, check_errors, run
from tests.game.support import LOOPBACK, TRANSPORTS, running, serving, until
from tests.net.link.kernel.requirements import skip_without_kernel_link


def test_a_wrong_argument_is_answered_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = [
        ("play --link lossi", "did you mean lossy?"),
        ("play --link loss=150%", "did you mean loss=100%?"),
        ("play --link dely=3", "did you mean delay"),
        ("play --link delay=fast", "delay=fast is no number; write it like delay=25ms"),
        ("play --link lossy --seed x", "'x' is not a whole number"),
        ("link --listen 5000 --to a:1", "--link is missing"),
        ("link --link lossy", "--listen PORT --to HOST:PORT"),
        ("link --link lossy --listen 5000", "--listen PORT --to HOST:PORT"),
        ("link --link lossy --listen 5000 --to lab-pc", "'lab-pc' has no port"),
        ("link --link lossy --listen 70000 --to lab-pc:1", "from 0 to 65535"),
        ("link --link lossy --listen 5000 --to no.such.invalid:1", "no host is called"),
        ("link --link lossy --kernel", "give it after --"),
        ("link --link lossy --listen 5000 --to a:1 -- true", "with --kernel only"),
    ]
    check_errors(cases, capsys)


def test_every_preset_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links"]) == 0
    table = capsys.readouterr().out
    for name in PRESETS:
        assert name in table


def test_any_program_can_be_relayed_and_ctrl_c_prints_the_counters() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((LOOPBACK, 0))
        server.settimeout(LIMIT_S)
        to = f"{LOOPBACK}:{server.getsockname()[1]}"
        link = ("--listen", "0", "--to", to, "--link", "delay=20ms", "--udp", "--seed", "7")
        with begun("link", *link) as (process, said):
            assert said[0] == "LINK 20 ms, each way, seed 7"
            found = re.fullmatch(
                r"relaying UDP from 127.0.0.1:(\d+) to \S+; Ctrl-C ends it", said[1]
            )
            assert found
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.connect((LOOPBACK, int(found[1])))
                began = perf_counter()
                client.send(b"ping")
                datagram, source = server.recvfrom(100)
                assert perf_counter() - began >= 0.02
                assert datagram == b"ping"
                server.sendto(b"pong", source)
                assert client.recv(100) == b"pong"
            process.send_signal(signal.SIGINT)
            output, complaints = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert complaints == ""
    assert "up 1 packets, 0 lost; down 1 packets, 0 lost" in output


async def test_without_link_there_is_no_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own socket is what the server sees."""

    def no_relay(*_arguments: object) -> None:
        pytest.fail("a relay was started")

    monkeypatch.setattr(link, "RelayProcess", no_relay)
    async with serving() as server:
        address = Address(LOOPBACK, server.base_port)
        with open_route(address, None, None, TRANSPORTS) as route:
            assert (route.relay, route.label) == (None, "")
            settings = ClientSettings(address, JoinRequest("ann", ""), relay=route.relay)
            client = Client(TRANSPORTS, "tcp", settings)
            async with running(client.run()):
                await until(lambda: client.status is Status.PLAYING)
                channel = client.connection.channel
                assert channel.peer == address
                peers = {each.channel.peer.port for each in server.connections}
                assert peers == {channel.sock.getsockname()[1]}
    with (
        pytest.raises(pytest.fail.Exception),
        open_route(address, parse_link("lossy"), 7, TRANSPORTS),
    ):
        pass


@pytest.mark.parametrize("transport", list(TRANSPORTS))
async def test_with_link_every_transport_plays_through_one_relay(transport: str) -> None:
    async with serving() as server:
        address = Address(LOOPBACK, server.base_port)
        with open_route(address, parse_link("delay=30ms"), 7, TRANSPORTS) as route:
            settings = ClientSettings(
                address, JoinRequest("ann", ""), link_label=route.label, relay=route.relay
            )
            client = Client(TRANSPORTS, transport, settings)
            async with running(client.run()):
                await until(lambda: (client.frame(perf_counter()).network.rtt_s or 0.0) > 0.0)
                frame = client.frame(perf_counter())
    assert frame.link_label == "LINK 30 ms, each way, seed 7"
    assert frame.address == str(address)
    # Both ways over the link. A busy machine may add any time.
    assert frame.network.rtt_s is not None
    assert frame.network.rtt_s >= 0.06


async def test_a_relay_that_does_nothing_says_so() -> None:
    with open_route(Address(LOOPBACK, 9), parse_link("none"), 7, TRANSPORTS) as route:
        assert route.label == "LINK none"
        assert route.relay is not None


@pytest.mark.slow
def test_play_prints_the_link_at_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    typed = "play --link lossy --seed 7 --frames 5 --mute"
    assert main(typed.split()) == 0
    assert "LINK lossy: 25 ms, 5% loss, each way, seed 7\n" in capsys.readouterr().out


@pytest.fixture
def _root_and_tun() -> None:
    skip_without_kernel_link()


def kernel_link(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that makes a kernel link; one worker runs all of them, one after the other."""
    needing_root = pytest.mark.usefixtures("_root_and_tun")(test)
    return pytest.mark.xdist_group("kernel link")(needing_root)


@kernel_link
def test_a_command_runs_over_a_kernel_link_and_its_code_is_ours() -> None:
    script = 'ip netns exec "$JITTERBALL_CLIENT_NS" ip -o addr && exit 7'
    done = run("link", "--kernel", "--link", "lossy", "--", "sh", "-c", script)
    assert done.returncode == 7
    assert "10.77.0.1" in done.stdout
    assert "LINK lossy" in done.stderr


@kernel_link
@pytest.mark.parametrize(
    "name",
    ["SIGINT", *(pytest.param(name, marks=pytest.mark.slow) for name in ("SIGTERM", "SIGHUP"))],
)
def test_a_kernel_link_that_is_ended_ends_its_command(name: str) -> None:
    number = signal.Signals[name]
    command = [*JITTERBALL, "link", "--kernel", "--link", "lossy", "--"]
    script = "echo $JITTERBALL_CLIENT_NS; exec sleep 60"
    with subprocess.Popen(
        [*command, "sh", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        namespace = process.stdout.readline().strip()
        assert namespace.startswith("jitterball-")
        os.killpg(process.pid, number) if name == "SIGINT" else process.send_signal(number)
        _, complaints = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert "Traceback" not in complaints
    assert not Path("/run/netns", namespace).exists()


@kernel_link
def test_a_command_that_does_not_exist_is_one_line() -> None:
    done = run("link", "--kernel", "--link", "lossy", "--", "no-such-command")
    assert done.returncode == 127
    assert "jitterball: cannot run no-such-command" in done.stderr
    assert "Traceback" not in done.stderr


def test_nagle_is_modelled_and_shown_in_the_link_label() -> None:
    with open_route(Address(LOOPBACK, 9), parse_link("lossy"), 7, TRANSPORTS) as route:
        route.set_nagle(True)
        assert route.label == "LINK lossy: 25 ms, 5% loss, Nagle, each way, seed 7"
        route.set_nagle(False)
        assert route.label == "LINK lossy: 25 ms, 5% loss, each way, seed 7"
