"""Reason why a transport made no channel, in one line."""

import pytest

from game.client.reachability import explain_failure, explain_wait
from net.errors import (
    ConnectError,
    ConnectRefused,
    ConnectStage,
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
        (ConnectError("connection closed"), ["tcp"], "connection closed over udp, but tcp answers"),
        # What has answered once is not stopped by a firewall.
        (
            ConnectTimeout("no end of the TLS handshake", ConnectStage.TLS),
            ["tcp"],
            "no end of the TLS handshake over udp, but tcp answers",
        ),
        # The name lookup fails for all transports alike.
        (ResolveError("no host is called 'lab'"), [], "no host is called 'lab'"),
    ],
)
def test_a_failure_is_one_line(error, reachable, line):
    assert explain_failure(error, "udp", reachable) == line


@pytest.mark.parametrize(
    ("stage", "reachable", "line"),
    [
        (ConnectStage.LOOK_UP, [], "looking up 'lab': no answer yet"),
        (ConnectStage.CONNECT, [], "no answer yet over udp"),
        (ConnectStage.CONNECT, ["tcp"], "no answer yet over udp, but tcp answers"),
        (ConnectStage.TLS, [], "the server answers over udp, but the TLS handshake takes long"),
        (ConnectStage.HELLO, [], "the server answers over udp, but the hello takes long"),
    ],
)
def test_a_long_wait_names_its_stage(stage, reachable, line):
    assert explain_wait(stage, "lab", "udp", reachable) == line
