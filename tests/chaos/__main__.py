"""Chaos test of a server: ``python -m tests.chaos --clients 60 --seconds 600``.

Prints the results as JSON. Every client must be in the match once, nothing may be left behind,
memory must be flat, and ticks must be on time. Every game event must arrive exactly once and in
order within one run of the server, as its ledger proves. Exit code 1 unless all checks pass.
"""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.chaos import Chaos
from tests.chaos.checks import run_and_check


def main() -> int:
    """Run the test and print its results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep log and ledgers in this folder")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = arguments.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        with Chaos(arguments.clients, arguments.seed, folder) as chaos:
            result = run_and_check(chaos, arguments.seconds)
    print(json.dumps({"seed": arguments.seed, **result}, indent=1))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
