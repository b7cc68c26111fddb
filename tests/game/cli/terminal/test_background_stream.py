"""Writing to an output that stops, breaks, or goes on."""

import errno
import os
import sys
import threading
from contextlib import contextmanager
from io import FileIO

import pytest

from game.cli.language import language_of
from game.cli.terminal.background_stream import (
    QUEUE_LIMIT_BYTES,
    BackgroundStream,
    dropped_line,
)

LINE = "a line of forty characters, as in a log\n"
STALLED_S = 0.2
LIMIT_S = 30.0


@contextmanager
def pipe():
    """Yield the read end of a pipe, and a stream that writes to its other end."""
    reader, writer = os.pipe()
    with FileIO(reader) as source, FileIO(writer, "w") as raw:
        yield source, BackgroundStream(raw, "utf-8", dropped_line)


def read_all_of(source: FileIO, until: bytes) -> str:
    read = b""
    while until not in read:
        part = source.read(65536)
        assert part
        read += part
    return read.decode()


def test_written_text_arrives_in_order():
    with pipe() as (source, stream):
        print("one", "two", file=stream)
        stream.write("three")
        stream.flush()
        assert stream.drain(LIMIT_S)
        assert source.read(100) == f"one two{os.linesep}three".encode()


@pytest.mark.skipif(sys.platform == "win32", reason="the reader may not be closed first there")
def test_a_stopped_reader_stops_no_writer_and_gets_the_number_of_dropped_lines():
    count = 3 * QUEUE_LIMIT_BYTES // len(LINE)
    with pipe() as (source, stream):
        wrote = threading.Thread(target=lambda: [stream.write(LINE) for _ in range(count)])
        wrote.start()
        wrote.join(LIMIT_S)
        assert not wrote.is_alive()
        dropped = stream.dropped_lines
        assert dropped > 0
        assert not stream.drain(STALLED_S)
        read = read_all_of(source, dropped_line(dropped).encode())
        assert read.count(LINE) == count - dropped
        assert read.endswith(dropped_line(dropped))
        stream.write("again\n")
        assert stream.drain(LIMIT_S)
        assert source.read(100) == b"again\n"
        assert stream.dropped_lines == 0


def test_writing_to_a_pipe_without_a_reader_is_an_error():
    reader, writer = os.pipe()
    os.close(reader)
    with FileIO(writer, "w") as raw:
        stream = BackgroundStream(raw, "utf-8", dropped_line)
        stream.write(LINE)
        assert not stream.drain(LIMIT_S)
        with pytest.raises(BrokenPipeError):
            stream.write(LINE)


class FullDisk(FileIO):
    """A file on a disk without room."""

    def write(self, data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_kept_as_the_error_and_raises_nothing():
    with FullDisk(os.devnull, "w") as raw:
        stream = BackgroundStream(raw, "utf-8", dropped_line)
        stream.write(LINE)
        assert not stream.drain(LIMIT_S)
        stream.write(LINE)
        assert stream.error is not None
        assert stream.error.errno == errno.ENOSPC


def test_bytes_are_refused_as_by_every_text_stream():
    with pipe() as (_, stream), pytest.raises(TypeError):
        stream.write(b"bytes")


def test_no_text_is_too_strange_for_the_encoding():
    reader, writer = os.pipe()
    with FileIO(reader) as source, FileIO(writer, "w") as raw:
        stream = BackgroundStream(raw, "ascii", dropped_line)
        print("± ü \ud800", file=stream)
        assert stream.drain(LIMIT_S)
        assert source.read(100).split() == [b"+/-", b"u", b"?"]


def test_the_line_for_dropped_ones_is_in_the_users_language():
    assert dropped_line(3) == "[3 lines were dropped while this output was stopped]\n"
    with language_of(["--lang", "es"]):
        assert dropped_line(3) == "[se descartaron 3 líneas mientras esta salida estaba detenida]\n"
