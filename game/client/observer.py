"""Observer of a client, for measurements, tests and logs.  [pure]"""

from game.client.frame import Status
from game.match.controls import Controls
from game.protocol.messages import OwnState, Snapshot
from net.sync.clock_filter import ClockSample


class ClientObserver:
    """Callbacks for what a client sends and receives; override those of interest.

    Called in the network thread. All times are in seconds of ``perf_counter``.
    """

    def status_changed(self, status: Status, text: str, at: float) -> None:
        """Handle a new status and its line of text."""

    def snapshot_received(self, own: OwnState, snapshot: Snapshot, received_at: float) -> None:
        """Handle a snapshot that arrived at ``received_at``."""

    def input_sent(self, sequence: int, controls: Controls, sent_at: float) -> None:
        """Handle an input that was sent for the first time at ``sent_at``."""

    def ping_answered(self, sample: ClockSample) -> None:
        """Handle the clock sample of an answered ping."""
