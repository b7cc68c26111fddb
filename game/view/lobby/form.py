"""Form: rows in columns, one of them with the focus, for keyboard, mouse and gamepad.  [pure]"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Characters. The longest usual text is a title, or an address with its port.
_TEXT_LIMIT = 64


class Button:
    """A row that calls ``callback``. ``is_locked``: it is drawn with a padlock."""

    def __init__(self, label: str, callback: Callable[[], None], detail: str = "") -> None:
        self.label = label
        self.detail = detail
        self.is_locked = False
        self.callback = callback


class TextField:
    """A row with one line of text. ``on_enter`` is called when the player confirms it."""

    def __init__(
        self,
        label: str,
        text: str = "",
        *,
        hint: str = "",
        limit: int = _TEXT_LIMIT,
        is_secret: bool = False,
        on_enter: Callable[[], None] | None = None,
    ) -> None:
        self.label = label
        self.text = text[:limit]
        self.hint = hint
        self.is_secret = is_secret
        self.on_enter = on_enter
        self._limit = limit

    @property
    def shown(self) -> str:
        """The text as it is drawn: a secret as dots."""
        return "•" * len(self.text) if self.is_secret else self.text

    def type(self, text: str) -> None:
        """Append text; what exceeds the limit is dropped."""
        printable = "".join(each for each in text if each.isprintable())
        self.text = (self.text + printable)[: self._limit]

    def erase(self) -> None:
        """Remove the last character."""
        self.text = self.text[:-1]

    def clear(self) -> None:
        """Remove the whole text."""
        self.text = ""


class ChoiceField:
    """A row with one of several ``options``: values with their labels."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], value: str = "") -> None:
        self.label = label
        self._options = tuple(options)
        values = [each for each, _ in self._options]
        self._index = values.index(value) if value in values else 0

    @property
    def value(self) -> str:
        """The chosen value."""
        return self._options[self._index][0]

    @property
    def shown(self) -> str:
        """The label of the chosen value."""
        return self._options[self._index][1]

    def step(self, by: int) -> None:
        """Choose the next option; after the last one, the first."""
        self._index = (self._index + by) % len(self._options)


Row = Button | TextField | ChoiceField


@dataclass(slots=True)
class Form:
    """Columns of rows. ``column`` and ``row`` are the place of the focus."""

    columns: list[list[Row]]
    column: int = 0
    row: int = 0

    @property
    def focused(self) -> Row:
        """The row with the focus."""
        return self.columns[self.column][self.row]

    def replace_column(self, column: int, rows: list[Row], keep: Row | None) -> None:
        """Use other rows in a column; the focus stays on ``keep`` if it is one of them."""
        self.columns[column] = rows
        if self.column == column:
            self.row = rows.index(keep) if keep in rows else min(self.row, len(rows) - 1)

    def focus(self, row: Row) -> None:
        """Give a row the focus."""
        for column, rows in enumerate(self.columns):
            if row in rows:
                self.column, self.row = column, rows.index(row)

    def move(self, by: int) -> None:
        """Move the focus up or down in its column; after the last row, to the first."""
        self.row = (self.row + by) % len(self.columns[self.column])

    def next(self, by: int) -> None:
        """Move the focus through all rows of all columns."""
        places = [(c, r) for c, rows in enumerate(self.columns) for r in range(len(rows))]
        at = places.index((self.column, self.row))
        self.column, self.row = places[(at + by) % len(places)]

    def sideways(self, by: int) -> None:
        """Change the choice of the focused row, or move to the next column."""
        focused = self.focused
        if isinstance(focused, ChoiceField):
            focused.step(by)
            return
        self.column = (self.column + by) % len(self.columns)
        self.row = min(self.row, len(self.columns[self.column]) - 1)

    def activate(self) -> None:
        """Press a button, choose the next option or confirm a text, whichever has the focus.

        A text without ``on_enter`` moves the focus down.
        """
        focused = self.focused
        if isinstance(focused, Button):
            focused.callback()
        elif isinstance(focused, ChoiceField):
            focused.step(1)
        elif focused.on_enter is not None:
            focused.on_enter()
        else:
            self.move(1)
