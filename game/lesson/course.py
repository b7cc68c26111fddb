"""Course: the lesson and the step that a student is at, and the way back and forth.  [pure]

A lesson goes through the steps in the order of ``Step``. Each method does nothing in a step that it
does not fit, so no key can break the course.
"""

from collections.abc import Mapping, Sequence
from enum import Enum

from game.lesson.figures import RunFigures
from game.lesson.lesson import ANSWERS, Lesson

__all__ = ["Course", "Step"]


class Step(Enum):
    """Step of a lesson; ``END`` follows the last lesson."""

    PREDICT = "predict"
    PLAY = "play"
    MOMENT = "moment"
    RESULT = "result"
    END = "end"


class Course:
    """Course through ``lessons``, from the one with index ``first``.

    ``prediction``: the student's answer to the present lesson; empty before.
    ``figures``: those of the last run of the present lesson, by transport.
    """

    def __init__(self, lessons: Sequence[Lesson], first: int = 0) -> None:
        self.lessons = tuple(lessons)
        self.step = Step.PREDICT
        self.figures: Mapping[str, RunFigures] = {}
        self._begin(first)

    @property
    def lesson(self) -> Lesson:
        """The present lesson; at the end the last one."""
        return self.lessons[self.index]

    @property
    def is_shown(self) -> bool:
        """True if the last run shows what the lesson claims."""
        return all(claim.holds(self.figures) for claim in self.lesson.claims)

    @property
    def is_right(self) -> bool:
        """True if the run shows the effect, and the student predicted it."""
        return self.is_shown and self.prediction == self.lesson.answer

    def predict(self, answer: str) -> None:
        """Note the student's answer, and begin to play."""
        if self.step is Step.PREDICT and answer in ANSWERS:
            self.prediction = answer
            self.step = Step.PLAY

    def finish_run(self, figures: Mapping[str, RunFigures]) -> None:
        """Note the figures of a run that has ended, and show its decisive moment."""
        if self.step is Step.PLAY:
            self.figures = figures
            self.step = Step.MOMENT

    def advance(self) -> None:
        """Go on where the student has read enough. A prediction and a run cannot be left out."""
        if self.step is Step.MOMENT:
            self.step = Step.RESULT
        elif self.step is Step.RESULT:
            self.skip()

    def repeat(self) -> None:
        """Play the same lesson again, with the same prediction."""
        if self.step in (Step.PLAY, Step.MOMENT, Step.RESULT):
            self.figures = {}
            self.step = Step.PLAY

    def go_back(self) -> None:
        """Go one step back; from the prediction to that of the lesson before."""
        if self.step is Step.RESULT:
            self.step = Step.MOMENT
        elif self.step is Step.PREDICT:
            self._begin(max(0, self.index - 1))
        else:
            self._begin(self.index)

    def skip(self) -> None:
        """Go to the next lesson; after the last one to the end."""
        if self.step is Step.END:
            return
        if self.index + 1 < len(self.lessons):
            self._begin(self.index + 1)
        else:
            self.step = Step.END

    def _begin(self, index: int) -> None:
        self.index = index
        self.step = Step.PREDICT
        self.prediction = ""
        self.figures = {}
