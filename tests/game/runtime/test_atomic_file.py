"""Atomic file writes, also on a full disk."""

import errno
from pathlib import Path

import pytest

from game.runtime.atomic_file import write_atomic


@pytest.fixture
def full_disk(monkeypatch):
    """Write only half of the data, and fail, as on a full disk."""

    def write_a_part(self, data):
        with self.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_a_part)


def test_a_file_is_written_and_replaced(tmp_path):
    file = tmp_path / "results.json"
    for data in (b"first", b"second"):
        write_atomic(file, data)
        assert file.read_bytes() == data
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_no_partial_file_is_left(tmp_path):
    with pytest.raises(OSError, match="No space left"):
        write_atomic(tmp_path / "results.json", b"first")
    assert not any(tmp_path.iterdir())


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_the_old_content_is_kept(tmp_path):
    file = tmp_path / "results.json"
    with file.open("wb") as before:
        before.write(b"before")
    with pytest.raises(OSError, match="No space left"):
        write_atomic(file, b"after")
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]
