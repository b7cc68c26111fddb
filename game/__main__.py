"""Entry point of ``jitterball`` and of ``python -m game``."""

import sys

# As in shells: 128 plus the number of SIGINT.
INTERRUPTED = 130


def main() -> int:
    """Import and run the command line; return the exit code.

    The import is here so that Ctrl-C during it ends without a traceback.
    """
    try:
        from game.cli.app import main as run

        return run()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
