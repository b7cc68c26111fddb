"""The figures of one client in a comparison, as a window and a terminal both show them.  [pure]"""

from dataclasses import dataclass

from game.client.frame import Frame
from game.client.frame_history import FrameHistory
from net.link.stats import ConnectionStats


@dataclass(frozen=True, slots=True)
class PanelStats:
    """What is known now and of the last minute; None or NaN where nothing is known yet.

    ``error_units`` is the ball's mean distance from the truth in the last second, in pitch units.
    ``resent`` counts the retransmissions of both directions. The rates hold every header.
    """

    age_s: float
    age_p95_s: float
    frozen_ratio: float
    stalls: int
    error_units: float | None
    error_p95_units: float | None
    rtt_s: float | None
    jitter_s: float
    loss_ratio: float
    retransmitted: int
    down_bytes_per_s: float
    up_bytes_per_s: float


def panel_stats(
    frame: Frame, history: FrameHistory, link: ConnectionStats | None
) -> PanelStats | None:
    """Return the figures of a client's latest frame; None before its first snapshot.

    ``link`` is what the emulated link has done to its packets, if there is one.
    """
    figures, lag = frame.network, frame.network.lag
    if lag is None:
        return None
    return PanelStats(
        age_s=lag.age_s,
        age_p95_s=lag.age_p95_s,
        frozen_ratio=lag.frozen_ratio,
        stalls=lag.stalls,
        error_units=history.error_mean,
        error_p95_units=history.error_p95,
        rtt_s=figures.rtt_s,
        jitter_s=lag.jitter_s,
        loss_ratio=lag.loss_ratio,
        retransmitted=_resent(frame, link),
        down_bytes_per_s=figures.down_bytes_per_s,
        up_bytes_per_s=figures.up_bytes_per_s,
    )


def _resent(frame: Frame, link: ConnectionStats | None) -> int:
    """Return what was sent again: by the modelled TCP, which the kernel's own cannot see."""
    senders = [link.up.tcp, link.down.tcp] if link else []
    modelled = [sender.retransmits for sender in senders if sender is not None]
    return sum(modelled) if modelled else frame.network.wire.retransmitted
