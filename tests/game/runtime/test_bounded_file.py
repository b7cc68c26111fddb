"""Tests of the reading of small files."""

from pathlib import Path

import pytest

from game.runtime.bounded_file import FileTooLong, read_bounded


def test_a_file_of_the_limit_is_read_and_a_longer_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(10))
    assert read_bounded(file, 10) == bytes(10)
    with pytest.raises(FileTooLong):
        read_bounded(file, 9)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device that never ends")
def test_a_device_that_never_ends_is_too_long() -> None:
    with pytest.raises(FileTooLong):
        read_bounded(Path("/dev/zero"), 1000)
