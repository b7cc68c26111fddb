"""Why a transport made no channel, line in one line."""

import pytest

from game.client.reachability import explain_failure
from net.errors import (
    ConnectError,
    ConnectRefused,
    ConnectTimeout,
    ResolveError,
)


@pytest.mark.parametrize(
    ("error", "reachable", "line"),
    [
        (ConnectTimeout("no answer"), [], "no answer over udp"),
        (ConnectTimeout("no answer"), ["tcp"], "udp silent, tcp answers: a firewall?"),
        (ConnectTimeout("no"), ["tcp", "ws"], "udp silent, tcp and ws answer: a firewall?"),
        (ConnectRefused("nobody listens"), ["tcp"], "nobody listens over udp, but tcp answers"),
        (ConnectError("connection closed"), [], "connection closed over udp"),
        # The name lookup fails for all transports alike.
        (ResolveError("no host is called 'lab'"), [], "no host is called 'lab'"),
    ],
)
def test_a_failure_is_one_line(error, reachable, line):
    assert explain_failure(error, "udp", reachable) == line
