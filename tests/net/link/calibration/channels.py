"""Samples of the channels of a case: by the model, and their figures."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from net.measure.statistics import Quantiles
from tests.net.link.calibration.kernel_case import ChannelSamples, KernelCase, channel_samples
from tests.net.link.calibration.plugin_in_model import run_connection

# By direction: ``up`` and ``down``.
Channels = dict[str, list[ChannelSamples]]


def simulated(case: KernelCase) -> Channels:
    """Simulate all connections of a case, on all cores."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        run = partial(run_connection, case)
        connections = list(pool.map(run, range(case.connections), chunksize=10))
    return {
        name: [channel_samples(stamps[side], case.settle_s, case) for stamps in connections]
        for side, name in enumerate(("up", "down"))
    }


def stalls_a_minute(channels: list[ChannelSamples], measured_s: float) -> float:
    """Return the stalls per minute and channel, of channels measured so long."""
    return sum(stalls for _, stalls in channels) / (len(channels) * measured_s / 60)


def delays_ms(channels: list[ChannelSamples]) -> Quantiles:
    """Return the quantiles of all delays."""
    return Quantiles.of(delay for delays_us, _ in channels for delay in delays_us).scaled(1e-3)
