"""Entry point of ``jitterball`` and of ``python -m game``."""

import sys

# As shells have it: 128 and the number of SIGINT.
INTERRUPTED = 130


def main() -> int:
    """Load the command line and run it; return the exit code.

    The command line is imported here, so that Ctrl-C while it loads ends without a traceback.
    """
    try:
        from game.cli.app import main as run

        return run()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
