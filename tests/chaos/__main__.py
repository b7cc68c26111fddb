"""A bad ten minutes for a server: ``python -m tests.chaos --clients 60 --seconds 600``.

Prints what was found as JSON: every client that should be in is in, nobody is doubled, nothing is
left behind, memory is flat, ticks were on time, and every game event arrived exactly once and in
order within one life of the server, as its ledger proves. Exit code 1 unless all of it holds.
"""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.chaos import Chaos
from tests.chaos.verdict import judge


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep the log and the ledgers in there")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = arguments.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        with Chaos(arguments.clients, arguments.seed, folder) as chaos:
            verdict = judge(chaos, arguments.seconds)
    print(json.dumps({"seed": arguments.seed, **verdict}, indent=1))
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
