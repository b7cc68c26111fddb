"""Input sender: numbering, and repetition until acknowledgement."""

from hypothesis import given
from hypothesis import strategies as st

from game.client.input_sender import InputSender
from game.match.controls import Controls
from game.protocol.messages import INPUTS_PER_MESSAGE


def controls(number: int) -> Controls:
    """Return controls that identify their input."""
    return Controls(number % 127, number // 127 % 127, False)


def test_inputs_are_numbered_from_one_and_the_newest_is_last():
    sender = InputSender()
    first, second = sender.push(controls(1)), sender.push(controls(2))
    assert (first.newest, first.controls) == (1, (controls(1),))
    assert (second.newest, second.controls) == (2, (controls(1), controls(2)))


def test_acknowledged_inputs_are_not_repeated():
    sender = InputSender()
    for number in range(1, 5):
        sender.push(controls(number))
    sender.acknowledge(3)
    assert sender.push(controls(5)).controls == (controls(4), controls(5))
    sender.acknowledge(5)
    assert sender.push(controls(6)).controls == (controls(6),)


def test_a_message_never_exceeds_its_limit():
    sender = InputSender()
    for number in range(1, 100):
        message = sender.push(controls(number))
    assert len(message.controls) == INPUTS_PER_MESSAGE
    assert message.controls[-1] == controls(99)


def test_an_old_or_impossible_acknowledgement_does_no_harm():
    sender = InputSender()
    for number in range(1, 4):
        sender.push(controls(number))
    sender.acknowledge(3)
    sender.acknowledge(1)
    sender.acknowledge(1000)
    assert sender.push(controls(4)).controls == (controls(4),)


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_inputs_arrive_if_fewer_messages_in_a_row_are_lost_than_repeat_them(losses):
    sender = InputSender()
    arrived: dict[int, Controls] = {}
    expected: set[int] = set()
    for number, is_lost in enumerate(losses, 1):
        message = sender.push(controls(number))
        if not is_lost:
            repeated = range(number - len(message.controls) + 1, number + 1)
            arrived.update(zip(repeated, message.controls, strict=True))
            expected |= set(range(max(1, number - INPUTS_PER_MESSAGE + 1), number + 1))
            sender.acknowledge(number)
    assert set(arrived) == expected
    assert all(arrived[number] == controls(number) for number in arrived)
