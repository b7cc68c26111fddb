"""The page's datagrams and frames are those of ``net``, given the same bytes."""

import random

import pytest

pytest.importorskip("aioquic", reason="WebTransport needs aioquic, which is not installed")

from net.quic.latest import LatestInbox, LatestSlots
from net.stream.framing import CLOSE_FRAME, encode_frame
from net.transport import LANES, MESSAGE_LIMIT_BYTES


def sent_datagrams(rng: random.Random, count: int) -> list[bytes]:
    """Return the datagrams of messages of all lanes, some of them in fragments."""
    slots, datagrams = LatestSlots(), []
    for _ in range(count):
        size = rng.choice((0, 20, 300, 300, 3000))
        slots.put(rng.randbytes(size), rng.choice(LANES))
        offered = slots.offer()
        datagrams += offered
        slots.confirm_sent(len(offered))
    return datagrams


def carried(rng: random.Random, datagrams: list[bytes]) -> list[bytes]:
    """Return what a bad path makes of datagrams: lost, doubled, late, and garbage between."""
    late = [(number + rng.expovariate(0.5), each) for number, each in enumerate(datagrams)]
    late += rng.sample(late, len(late) // 20)
    kept = [each for each in late if rng.random() > 0.1]
    garbage = [(rng.uniform(0, len(datagrams)), rng.randbytes(rng.randrange(4))) for _ in range(20)]
    return [each for _, each in sorted(kept + garbage)]


# The second wraps the numbers of 16 bits.
@pytest.mark.parametrize(
    ("seed", "count"), [(1, 500), pytest.param(2, 60_000, marks=pytest.mark.slow)]
)
def test_the_same_messages_pass_and_the_same_are_lost(javascript, seed, count):
    print("seed", seed)
    rng = random.Random(seed)
    arrived = carried(rng, sent_datagrams(rng, count))
    # To compare each message of a long run would take seconds. Its end depends on all before.
    shown = 200
    inbox = LatestInbox()
    expected = [message.hex() for each in arrived for message in inbox.receive(each)]
    script = f"""
        const receiver = new module.DatagramReceiver();
        const passed = data.map((each) => receiver.receive(bytes(each))).filter(Boolean);
        return {{
          count: passed.length, last: passed.slice(-{shown}).map(hex),
          lost: receiver.lost, stale: receiver.stale,
        }};"""
    result = javascript("datagrams", script, [each.hex() for each in arrived])
    assert result == {
        "count": len(expected),
        "last": expected[-shown:],
        "lost": inbox.lost,
        "stale": inbox.stale,
    }


def test_the_server_reads_what_the_page_sends(javascript):
    messages = [[f"{number:04x}", number % len(LANES)] for number in range(300)]
    script = """
        const sender = new module.DatagramSender();
        return data.map(([message, lane]) => hex(sender.encode(bytes(message), lane)));"""
    inbox = LatestInbox()
    datagrams = [bytes.fromhex(each) for each in javascript("datagrams", script, messages)]
    received = [message.hex() for each in datagrams for message in inbox.receive(each)]
    assert received == [message for message, _ in messages]
    assert (inbox.lost, inbox.stale, inbox.invalid) == (0, 0, 0)


def test_frames_are_found_however_the_stream_was_split(javascript):
    rng = random.Random(3)
    messages = [rng.randbytes(rng.choice((0, 1, 40, 900))) for _ in range(60)]
    stream = b"".join(map(encode_frame, messages)) + CLOSE_FRAME + b"after the end"
    cuts = sorted(rng.sample(range(len(stream)), 80))
    pieces = [stream[a:b].hex() for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    script = """
        const decoder = new module.FrameDecoder();
        const messages = data.flatMap((piece) => decoder.feed(bytes(piece)).map(hex));
        return { messages, isClosed: decoder.isClosed, again: messages.map(
          (each) => hex(module.encodeFrame(bytes(each)))).join("") };"""
    result = javascript("framing", script, pieces)
    assert result["messages"] == [message.hex() for message in messages]
    assert result["isClosed"]
    assert result["again"] == b"".join(map(encode_frame, messages)).hex()


def test_a_frame_over_the_limit_is_refused(javascript):
    script = """
        try { new module.FrameDecoder().feed(bytes(data)); return ""; }
        catch (error) { return error.name + ": " + error.message; }"""
    header = (MESSAGE_LIMIT_BYTES + 1).to_bytes(4, "big")
    assert str(MESSAGE_LIMIT_BYTES + 1) in javascript("framing", script, header.hex())
    header = MESSAGE_LIMIT_BYTES.to_bytes(4, "big")
    assert javascript("framing", script, header.hex()) == ""
