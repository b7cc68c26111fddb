"""Who watches a client without disturbing it: measurements, tests, a log.  [pure]"""

from game.match.controls import Controls
from game.protocol.messages import OwnState, Snapshot
from net.sync.clock import ClockSample


class ClientObserver:
    """Who wants to see what comes and goes; override what is of interest.

    Called in the network's thread; all times are ``perf_counter`` seconds.
    """

    def snapshot_received(self, own: OwnState, snapshot: Snapshot, received_at: float) -> None:
        """Look at a snapshot that arrived at ``received_at``."""

    def input_sent(self, sequence: int, controls: Controls, sent_at: float) -> None:
        """Look at an input that was sent for the first time at ``sent_at``."""

    def ping_answered(self, exchange: ClockSample) -> None:
        """Look at the timestamps of a ping that was answered."""
