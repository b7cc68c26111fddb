"""Table and progress of a league, for the terminal."""

from collections.abc import Sequence

from rich import box
from rich.progress import MofNCompleteColumn
from rich.table import Table
from rich.text import Text

from game.cli.language import say
from game.cli.terminal.progress_bar import ProgressBar
from game.lab.league.schedule import Fixture
from game.lab.league.table import MatchResult, Standing


def league_table(rows: Sequence[Standing], title: str) -> Table:
    """Return the table of a league, the best bot first."""
    table = Table(title=title, box=box.SIMPLE_HEAD)
    table.add_column("bot")
    table.add_column("points", justify="right")
    table.add_column("played", justify="right")
    table.add_column("won", justify="right")
    table.add_column("drawn", justify="right")
    table.add_column("lost", justify="right")
    table.add_column("goals", justify="right")
    table.add_column("kicks", justify="right")
    table.add_column("packets", justify="right")
    table.add_column("disconnects", justify="right")
    table.add_column("forfeits", justify="right")
    for row in rows:
        counts = (row.points, row.played, row.won, row.drawn, row.lost)
        goals = f"{row.goals_for}:{row.goals_against}"
        rest = (row.kicks, row.packets, row.disconnects, row.forfeits)
        # A name must not be translated, even if it is a word that has a translation.
        table.add_row(Text(row.name), *map(str, counts), Text(goals), *map(str, rest))
    return table


class LeagueProgress(ProgressBar):
    """A context manager that shows a bar in a terminal, and a line for each match that ended.

    All of it goes to standard error.
    """

    def __init__(self, matches: int) -> None:
        super().__init__("", matches, after=(MofNCompleteColumn(),))
        self._matches = matches
        self._running: list[Fixture] = []

    def start(self, fixture: Fixture) -> None:
        """Show that a match has begun."""
        self._running.append(fixture)
        self._describe()

    def finish(self, result: MatchResult) -> None:
        """Show the result of a match, and what its bots did wrong."""
        fixture = result.fixture
        self._running.remove(fixture)
        orange, sky = result.counted_goals
        self.show(
            f"match {fixture.number} of {self._matches}: "
            f"{fixture.orange} {orange}:{sky} {fixture.sky}"
        )
        for name, figures in zip((fixture.orange, fixture.sky), result.figures, strict=True):
            if figures.failure:
                self.show(f"match {fixture.number}: {name} loses by forfeit: {figures.failure}")
            for warning in figures.warnings:
                self.show(f"match {fixture.number}: note on {name}: {warning}")
        self._bar.advance(self._task)
        self._describe()

    def show(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(say(text), soft_wrap=True, highlight=False)

    def _describe(self) -> None:
        rooms = ", ".join(fixture.room for fixture in self._running)
        self._bar.update(self._task, description=rooms)
