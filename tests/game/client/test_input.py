"""Tests of a client's input: a press between two ticks reaches the server."""

from game.client.observer import ClientObserver
from game.match.controls import NEUTRAL, STICK_LIMIT, Controls
from tests.game.support import playing, serving, until


class SentInputs(ClientObserver):
    """All controls that a client has sent."""

    def __init__(self) -> None:
        self.controls: list[Controls] = []

    def input_sent(self, sequence: int, controls: Controls, sent_at: float) -> None:
        self.controls.append(controls)


async def test_a_tap_between_two_ticks_is_sent_with_the_next():
    tap = Controls(0, -STICK_LIMIT, True)
    sent = SentInputs()
    taps = 20
    async with serving() as server, playing(server.base_port) as player:
        player.client.observers.append(sent)
        for number in range(taps):
            # Both settings within one step of the loop: no tick can fall between them.
            player.client.set_controls(tap)
            player.client.set_controls(NEUTRAL)
            await until(lambda number=number: sent.controls.count(tap) > number)
            # So that the next tap is another one.
            await until(lambda: sent.controls[-1] == NEUTRAL)
    assert sent.controls.count(tap) == taps
    assert set(sent.controls) == {tap, NEUTRAL}
