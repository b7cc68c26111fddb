"""The plugin registry, and the values of the transport contract."""

import subprocess
import sys

import pytest

from net.errors import MissingLibrary, PluginLoadError, UnknownTransport
from net.registry import ENTRY_POINT_GROUP, installed_transports, load_transport
from net.transport import Address, Transport

BUILT_IN = ["tcp", "udp", "websocket"]


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs a transport by a folder on the path."""

    def install_one(name, source, value="broken_transport:Transport"):
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{name} = {value}\n")
        (tmp_path / "broken_transport.py").write_text(source)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, "broken_transport", raising=False)

    return install_one


def test_the_built_in_transports_are_installed():
    names = list(installed_transports())
    assert names[: len(BUILT_IN)] == BUILT_IN
    assert set(names[len(BUILT_IN) :]) <= {"quic"}


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_transport_is_loaded_by_name(name):
    transport = load_transport(name)
    assert isinstance(transport, Transport)
    assert transport.name == name


def test_built_in_transports_share_one_number_without_sharing_a_port():
    offsets = {name: load_transport(name).port_offset for name in BUILT_IN}
    assert offsets == {"tcp": 0, "udp": 0, "websocket": 1}


def test_a_missing_library_is_told_apart_from_a_broken_plugin(install):
    install(
        "lacking",
        "from net.errors import MissingLibrary\nraise MissingLibrary('pip install it')",
        value="broken_transport:Transport",
    )
    with pytest.raises(MissingLibrary, match=r"^pip install it$"):
        load_transport("lacking")


def test_an_unknown_name_is_answered_with_the_nearest_right_one():
    with pytest.raises(UnknownTransport, match="did you mean 'websocket'"):
        load_transport("websockets")


def test_a_name_like_nothing_is_answered_with_all_of_them():
    with pytest.raises(UnknownTransport, match="tcp, udp, websocket"):
        load_transport("pigeon")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("raise RuntimeError('no such cable')", "no such cable"),
        ("import no_such_library_at_all", "no_such_library_at_all"),
        ("this is no Python", "cannot be loaded"),
        ("Transport = 3", "cannot be loaded"),
        ("class Transport: pass", "is no net.Transport"),
        ("class Other: pass", "Transport"),
    ],
)
def test_a_plugin_that_fails_to_load_is_named(install, source, complaint):
    install("broken", source)
    with pytest.raises(PluginLoadError, match=complaint) as broken:
        load_transport("broken")
    assert "'broken' (broken_transport:Transport)" in str(broken.value)


def test_a_broken_plugin_harms_no_other(install):
    install("broken", "raise RuntimeError")
    assert list(installed_transports())[-1] == "broken"
    assert load_transport("tcp").name == "tcp"


def test_a_transport_needs_nothing_of_the_others():
    # Each in a fresh interpreter, where no other plugin has imported what this one forgot.
    for name in BUILT_IN:
        program = f"from net.registry import load_transport; load_transport({name!r})"
        subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (Address("192.168.1.38", 7777), "192.168.1.38:7777"),
        (Address("::1", 7777), "[::1]:7777"),
        (Address("game.local", 0), "game.local:0"),
    ],
)
def test_an_address_reads_as_people_write_it(address, text):
    assert str(address) == text
