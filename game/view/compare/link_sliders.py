"""The dials of the live link as sliders: their names and what they say, in people's units."""

from collections.abc import Callable

from game.view.compare.controls import CompareControls
from game.view.compare.live_link import DIALS, LinkParameter
from game.view.texts import Texts
from game.view.widgets.buttons import Slider
from net.link.profile import LinkProfile

Describe = Callable[[LinkProfile], str]


def make_sliders(desk: CompareControls, texts: Texts) -> list[Slider]:
    """Return a slider for every dial; its values are those of the way down."""
    labels = (
        texts.dial_delay,
        texts.dial_jitter,
        texts.dial_loss,
        texts.dial_burst,
        texts.dial_rate,
    )
    describes: tuple[Describe, ...] = (
        lambda profile: texts.milliseconds.format(value=f"{profile.delay_s * 1000:.3g}"),
        lambda profile: texts.milliseconds.format(value=f"{profile.jitter_s * 1000:.3g}"),
        lambda profile: texts.percent.format(value=f"{profile.loss_ratio * 100:.3g}"),
        lambda profile: f"{profile.burst:.1f}",
        lambda profile: _rate(profile, texts),
    )
    return [
        _slider(desk, dial, label, describe)
        for dial, label, describe in zip(DIALS, labels, describes, strict=True)
    ]


def _slider(desk: CompareControls, dial: LinkParameter, label: str, describe: Describe) -> Slider:
    live_link = desk.live_link

    def value() -> str:
        return describe(live_link.link.down)

    return Slider(
        label=label,
        position=lambda: live_link.position(dial),
        value=value,
        on_change=lambda position: desk.turn(dial, position),
        on_release=lambda: desk.mark_turned(f"{label} {value()}"),
    )


def _rate(profile: LinkProfile, texts: Texts) -> str:
    if profile.rate_bps is None:
        return texts.no_limit
    return texts.megabits.format(value=f"{profile.rate_bps / 1e6:.3g}")
