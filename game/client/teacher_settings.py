"""Settings of the teacher that concern a client: the link and a blind test.  [pure]"""

from game.protocol.messages import BlindStage, BlindTest, GameEvent, LinkChanged
from net.link.label import LinkWords, link_label
from net.link.spec import LinkSpecError, parse_link


class TeacherSettings:
    """The settings that the server's events have announced, in words of the user's language.

    ``link_label`` is empty until the server emulates a link.
    ``blind_choices`` is empty but for a blind test that is on. ``vote`` is the player's in that
    test, empty without one.
    """

    def __init__(self, words: LinkWords) -> None:
        self.link_label = ""
        self.blind_choices: tuple[str, ...] = ()
        self.vote = ""
        self._words = words

    def reset(self) -> None:
        """Forget the settings: the next server announces its own."""
        self.link_label, self.blind_choices, self.vote = "", (), ""

    def apply(self, event: GameEvent) -> bool:
        """Apply an event; return whether figures from before it say nothing about now."""
        if isinstance(event, BlindTest):
            is_on = event.stage is BlindStage.VOTING
            self.blind_choices = event.choices if is_on else ()
            self.vote = self.vote if is_on else ""
            return False
        if not isinstance(event, LinkChanged):
            return False
        before, self.link_label = self.link_label, self._label(event)
        return self.link_label != before

    def _label(self, event: LinkChanged) -> str:
        try:
            link = parse_link(event.settings) if event.settings else None
        except LinkSpecError:
            # A later version has settings that this one does not know. They are shown as they are.
            settings = self._words.title.format(settings=event.settings)
            return f"{settings}, {self._words.seed.format(seed=event.seed)}"
        return link_label(link, event.seed, self._words)
