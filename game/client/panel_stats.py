"""Statistics of one client in a comparison, for the window and the terminal alike.  [pure]"""

from dataclasses import dataclass
from math import nan

from game.client.frame import Frame
from game.client.frame_history import FrameHistory
from net.link.stats import ConnectionStats


@dataclass(frozen=True, slots=True)
class PanelStats:
    """Present values, and those of the last minute; None or NaN while unknown.

    ``starved_ratio``: time without a snapshot to draw; NaN without interpolation, which alone needs
    one ahead. The picture freezes meanwhile, or is extrapolated if ``extrapolates``.
    ``wire_loss_ratio``: packets lost on the emulated link, whatever the transport does about it.
    ``never_shown_ratio``: snapshots that never reached the screen, since a newer one came first.
    ``error_units``: mean distance of the drawn ball from the reference in the last second.
    ``retransmitted``: segments or messages of both directions.
    Byte rates include all headers.
    """

    age_s: float
    age_p95_s: float
    starved_ratio: float
    extrapolates: bool
    stalls: int
    error_units: float | None
    error_p95_units: float | None
    rtt_s: float | None
    jitter_s: float
    wire_loss_ratio: float
    never_shown_ratio: float
    retransmitted: int
    down_bytes_per_s: float
    up_bytes_per_s: float


def panel_stats(
    frame: Frame, history: FrameHistory, link: ConnectionStats | None
) -> PanelStats | None:
    """Return the statistics of a client's latest frame; None before its first snapshot.

    ``link`` holds the counters of the emulated link, or None without one.
    """
    network, lag = frame.network, frame.network.lag
    if lag is None:
        return None
    return PanelStats(
        age_s=lag.age_s,
        age_p95_s=lag.age_p95_s,
        starved_ratio=lag.frozen_ratio if frame.netcode.interpolation else nan,
        extrapolates=frame.netcode.extrapolates,
        stalls=lag.stalls,
        error_units=history.error_mean,
        error_p95_units=history.error_p95,
        rtt_s=network.rtt_s,
        jitter_s=lag.jitter_s,
        wire_loss_ratio=history.wire_loss.ratio,
        never_shown_ratio=lag.loss_ratio,
        retransmitted=_retransmitted(frame, link),
        down_bytes_per_s=network.down_bytes_per_s,
        up_bytes_per_s=network.up_bytes_per_s,
    )


def _retransmitted(frame: Frame, link: ConnectionStats | None) -> int:
    # The emulated link models TCP in the relay. The kernel's TCP between us and the relay loses
    # nothing, so its own counter would say zero.
    senders = [link.up.tcp, link.down.tcp] if link else []
    modelled = [sender.retransmits for sender in senders if sender is not None]
    return sum(modelled) if modelled else frame.network.wire.retransmitted
