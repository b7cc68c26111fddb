"""Entry point of ``jitterball`` and of ``python -m game``.

Nothing heavy is imported here: Ctrl-C must also end the program while it imports the rest.
"""

import sys

from game.runtime.ctrl_c import end_signals_interrupt, repeated_if_lost

# As in shells: 128 plus the number of SIGINT.
INTERRUPTED = 130


def main() -> int:
    """Import and run the command line; return the exit code."""
    try:
        with repeated_if_lost(), end_signals_interrupt():
            return _run()
    except KeyboardInterrupt:
        return INTERRUPTED


def _run() -> int:
    # The compiler loads it for "\N{...}" in a module without bytecode, and takes Ctrl-C meanwhile
    # for a SyntaxError in that module.
    import unicodedata  # noqa: F401

    from game.cli.terminal.standard_streams import NO_READER, StandardStreams

    with StandardStreams() as streams:
        try:
            from game.cli.app import main as run

            return streams.finish(run())
        except (BrokenPipeError, SystemExit):
            # The command line's library turns the first into the second.
            if streams.has_reader:
                raise
            return NO_READER


if __name__ == "__main__":
    sys.exit(main())
