"""Where ``jitterball`` starts: Ctrl-C while the program is still being loaded is no error."""

# As shells have it: 128 and the number of SIGINT.
INTERRUPTED = 130


def main() -> int:
    """Load the command line and run it; return the exit code."""
    try:
        from game.cli import main as run

        return run()
    except KeyboardInterrupt:
        return INTERRUPTED
