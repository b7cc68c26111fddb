"""The state of a modelled sender, as a kernel's TCP_INFO would tell it.  [pure]"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TcpFigures:
    """The state of one modelled sender; times in seconds, `cwnd` and `in_flight` in segments.

    `srtt_s` is 0 until there is a sample. `stalls` counts the times the stream stood still because
    of a loss: bytes had arrived that the reader could not have, a hole being before them.
    """

    srtt_s: float
    rto_s: float
    cwnd: int
    in_flight: int
    retransmits: int
    timeouts: int
    tail_loss_probes: int
    stalls: int
