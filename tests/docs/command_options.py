"""Options of the commands that pages name."""

from game.cli.app import SUMMARIES, LazyCommand


def options_of(name: str) -> set[str]:
    """Return the options of a command of ``jitterball``, without ``--help``."""
    command = LazyCommand(name, SUMMARIES[name]).load()
    return {option for parameter in command.params for option in parameter.opts}
