"""Tests of the window's options: when the search for a server ends."""

import pytest

from game.cli.options import window
from game.cli.options.window import PICTURE_TIMEOUT_S, window_options
from game.view.window_options import WindowOptions


def options(timeout: float | None, frames: int | None) -> WindowOptions:
    return window_options(
        timeout=timeout,
        ui_scale=1.0,
        lang="en",
        fullscreen=False,
        mute=True,
        size=None,
        frames=frames,
        screenshot=None,
        record=None,
    )


@pytest.mark.parametrize(
    ("timeout", "frames", "limit_s"),
    [(None, 1, PICTURE_TIMEOUT_S), (3.0, None, 3.0), (3.0, 1, 3.0)],
)
def test_the_search_begins_with_the_first_frame(
    timeout: float | None, frames: int | None, limit_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(window, "perf_counter", lambda: now[0])
    gives_up = options(timeout, frames).gives_up
    assert gives_up is not None
    # A busy computer opens the window so late.
    now[0] += 60.0
    assert not gives_up()
    now[0] += limit_s - 0.1
    assert not gives_up()
    now[0] += 0.2
    assert gives_up()


def test_a_person_may_wait_for_a_server_without_a_limit() -> None:
    assert options(None, None).gives_up is None
