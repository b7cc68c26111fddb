"""Certificates that are trusted at first use."""

import pytest

from game.runtime.known_servers import KnownServers
from net.errors import TlsError

ONE, OTHER = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config" / "known_servers"


def test_the_first_certificate_is_remembered_and_known_next_time(file):
    assert KnownServers(file).check("ana.example", ONE)
    assert not KnownServers(file).check("ana.example", ONE)


def test_another_certificate_is_refused_with_the_way_out(file):
    KnownServers(file).check("ana.example", ONE)
    with pytest.raises(TlsError, match=r"ana\.example shows another .* --fingerprint"):
        KnownServers(file).check("ana.example", OTHER)


def test_each_server_has_its_own(file):
    known = KnownServers(file)
    assert known.check("ana.example", ONE)
    assert known.check("ana.example:7000", OTHER)
    assert not known.check("ana.example", ONE)


def test_a_byte_order_mark_of_an_editor_makes_no_server_new(file):
    KnownServers(file).check("ana.example", ONE)
    file.write_text(file.read_text("utf-8"), encoding="utf-8-sig")
    assert not KnownServers(file).check("ana.example", ONE)


def test_a_damaged_file_knows_nobody(file):
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe ana.example zz\nana.example 00\n")
    assert KnownServers(file).check("ana.example", ONE)


def test_where_nothing_can_be_written_every_time_is_the_first(tmp_path):
    (tmp_path / "file").write_text("")
    known = KnownServers(tmp_path / "file" / "known_servers")
    assert known.check("ana.example", ONE)
    assert known.check("ana.example", ONE)
