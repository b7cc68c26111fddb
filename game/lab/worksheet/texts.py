"""The words of the printed worksheet, in English and in Spanish.  [pure]"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetTexts:
    """The words of one language.

    ``predict``, ``saw`` and ``explain`` are those that the paragraphs of the source begin with.
    ``answered`` are those that the paragraphs of the key begin with: of a prediction, of an
    explanation.
    """

    language: str
    predict: str
    saw: str
    explain: str
    answered: tuple[str, str]
    observed: str
    fields: tuple[str, ...]
    key_note: str


ENGLISH = SheetTexts(
    language="en",
    predict="Predict",
    saw="We saw",
    explain="Explain",
    answered=("Predict.", "Explain."),
    observed="I saw",
    fields=("Name", "Computer", "Date"),
    key_note="The teacher's key",
)
SPANISH = SheetTexts(
    language="es",
    predict="Predice",
    saw="Vimos",
    explain="Explica",
    answered=("Predice.", "Explica."),
    observed="Vi",
    fields=("Nombre", "Ordenador", "Fecha"),
    key_note="Para quien enseña: con respuestas",
)
TEXTS: Mapping[str, SheetTexts] = {each.language: each for each in (ENGLISH, SPANISH)}
