"""Netcode settings that are changed during play.  [pure]"""

from collections.abc import Callable
from dataclasses import replace

from game.client.netcode import NetcodeSettings, PredictionMode
from game.view.texts import Texts

INTERPOLATION_STEP_S = 1 / 60
INTERPOLATION_MAX_S = 0.3
# Two intervals at the default 30 snapshots a second, until somebody sets another delay.
INTERPOLATION_DEFAULT_S = 2 / 30


class NetcodeControls:
    """Controls of the netcode settings.

    ``on_change`` receives the new settings, ``on_annotate`` a short text for the change, in the
    language of ``texts``.
    """

    def __init__(
        self,
        settings: NetcodeSettings,
        on_change: Callable[[NetcodeSettings], None],
        on_annotate: Callable[[str], None],
        texts: Texts,
    ) -> None:
        self.settings = settings
        self._on_change = on_change
        self._on_annotate = on_annotate
        self._texts = texts

    @property
    def interpolation_s(self) -> float:
        """Interpolation delay in seconds, used while interpolation is on."""
        chosen_s = self.settings.interpolation_s
        return INTERPOLATION_DEFAULT_S if chosen_s is None else chosen_s

    def use(self, settings: NetcodeSettings) -> None:
        """Use these settings, without an annotation."""
        self._set(settings)

    def toggle_interpolation(self) -> None:
        """Interpolate between snapshots, or draw the newest snapshot as it is."""
        self._set(replace(self.settings, interpolation=not self.settings.interpolation))
        self._annotate_interpolation()

    def change_interpolation(self, step_s: float) -> None:
        """Change the interpolation delay by ``step_s``, within its limits, and turn it on."""
        delay_s = min(max(self.interpolation_s + step_s, 0.0), INTERPOLATION_MAX_S)
        self._set(replace(self.settings, interpolation=True, interpolation_s=delay_s))
        self._annotate_interpolation()

    def toggle_extrapolation(self) -> None:
        """Extrapolate if no newer snapshot has arrived, or freeze."""
        self._set(replace(self.settings, extrapolation=not self.settings.extrapolation))
        self._annotate_switch(self._texts.extrapolation, self.settings.extrapolation)

    def cycle_prediction(self) -> None:
        """Predict nothing, the own player, or also the ball."""
        self._set(replace(self.settings, prediction=self.settings.prediction.next))
        self._on_annotate(prediction_text(self.settings.prediction, self._texts))

    def toggle_reconciliation(self) -> None:
        """Replay unacknowledged inputs on each server state, or show that state as it is."""
        self._set(replace(self.settings, reconciliation=not self.settings.reconciliation))
        self._annotate_switch(self._texts.reconciliation, self.settings.reconciliation)

    def toggle_deltas(self) -> None:
        """Receive snapshots as changes, or whole."""
        self._set(replace(self.settings, deltas=not self.settings.deltas))
        self._annotate_switch(self._texts.deltas, self.settings.deltas)

    def _set(self, settings: NetcodeSettings) -> None:
        self.settings = settings
        self._on_change(settings)

    def _annotate_switch(self, what: str, is_on: bool) -> None:
        self._on_annotate(self._texts.switched(what, is_on))

    def _annotate_interpolation(self) -> None:
        self._on_annotate(interpolation_text(self, self._texts))


def interpolation_text(controls: NetcodeControls, texts: Texts) -> str:
    """Return the interpolation delay in words."""
    if not controls.settings.interpolation:
        return texts.interpolation_off
    return texts.interpolation.format(value=texts.number(controls.interpolation_s * 1000))


def prediction_text(mode: PredictionMode, texts: Texts) -> str:
    """Return the prediction in words."""
    return {
        PredictionMode.OFF: texts.prediction_off,
        PredictionMode.OWN_PLAYER: texts.prediction_own,
        PredictionMode.OWN_PLAYER_AND_BALL: texts.prediction_ball,
    }[mode]
