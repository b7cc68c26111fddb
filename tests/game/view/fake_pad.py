"""Fake gamepad."""


class FakePad:
    """Fake gamepad with pygame's interface."""

    def __init__(self, axes: tuple[float, ...] = (0.0, 0.0), hat: tuple[int, int] = (0, 0)) -> None:
        self.axes, self.hat, self.buttons = axes, hat, [False] * 8

    def get_instance_id(self) -> int:
        return 5

    def get_numhats(self) -> int:
        return 1

    def get_hat(self, _: int) -> tuple[int, int]:
        return self.hat

    def get_numaxes(self) -> int:
        return len(self.axes)

    def get_axis(self, axis: int) -> float:
        return self.axes[axis]

    def get_numbuttons(self) -> int:
        return len(self.buttons)

    def get_button(self, button: int) -> bool:
        return self.buttons[button]
