"""Entry point of ``jitterball`` and of ``python -m game``."""

import sys

from game.cli.terminal.standard_streams import NO_READER, StandardStreams
from game.runtime.interrupts import repeated_if_lost

# As in shells: 128 plus the number of SIGINT.
INTERRUPTED = 130


def main() -> int:
    """Import and run the command line; return the exit code.

    The import is here so that Ctrl-C during it ends without a traceback.
    """
    try:
        with StandardStreams() as streams, repeated_if_lost():
            try:
                from game.cli.app import main as run

                return streams.finish(run())
            except (BrokenPipeError, SystemExit):
                # The command line's library turns the first into the second.
                if streams.has_reader:
                    raise
                return NO_READER
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
