"""Sliders for the parameters of the emulated link, with values in everyday units."""

from collections.abc import Callable
from dataclasses import replace

from game.view.compare.link_parameters import LINK_PARAMETERS, LinkParameter
from game.view.compare.settings import CompareControls
from game.view.texts import Texts
from game.view.widgets.buttons import Slider
from net.link.profile import LinkProfile

Describe = Callable[[LinkProfile], str]


def make_sliders(controls: CompareControls, texts: Texts) -> list[Slider]:
    """Return a slider for every parameter. It shows the value of the server-to-client direction."""
    labels = (
        texts.link_delay,
        texts.link_jitter,
        texts.link_loss,
        texts.link_burst,
        texts.link_rate,
    )

    def milliseconds(seconds: float) -> str:
        return texts.milliseconds.format(value=texts.short_number(seconds * 1000))

    describes: tuple[Describe, ...] = (
        lambda profile: milliseconds(profile.delay_s),
        lambda profile: milliseconds(profile.jitter_s),
        lambda profile: texts.percent.format(value=texts.short_number(profile.loss_ratio * 100)),
        lambda profile: texts.number(profile.burst, 1),
        lambda profile: _rate(profile, texts),
    )
    hints = (
        texts.help_link_delay,
        texts.help_link_jitter,
        texts.help_link_loss,
        texts.help_link_burst,
        texts.help_link_rate,
    )
    return [
        replace(_slider(controls, parameter, label, describe), hint=hint)
        for parameter, label, describe, hint in zip(
            LINK_PARAMETERS, labels, describes, hints, strict=True
        )
    ]


def _slider(
    controls: CompareControls, parameter: LinkParameter, label: str, describe: Describe
) -> Slider:
    link_editor = controls.link_editor

    def value() -> str:
        return describe(link_editor.link.down)

    return Slider(
        label=label,
        position=lambda: link_editor.position(parameter),
        value=value,
        on_change=lambda position: controls.set_parameter(parameter, position),
        on_release=lambda: controls.annotate_parameter(f"{label} {value()}"),
    )


def _rate(profile: LinkProfile, texts: Texts) -> str:
    if profile.rate_bps is None:
        return texts.no_limit
    return texts.megabits.format(value=texts.short_number(profile.rate_bps / 1e6))
