"""All the words on the screen, in English and Spanish; which of the two, the system says.

One field a text, so that a language which lacks one does not even start.
"""

import locale
import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """What the screen says in one language. Names in braces are filled in by `str.format`."""

    first_half: str
    second_half: str
    kick_off: str
    half_time: str
    final: str
    goal: str
    own_goal: str
    scored_by: str
    own_goal_by: str
    orange_wins: str
    sky_wins: str
    draw: str
    next_match: str
    scorers: str
    joined: str
    left: str
    rtt: str
    snapshot_age: str
    milliseconds: str
    unknown: str
    no_data_for: str
    interrupted: str
    connecting: str
    lost: str
    refused: str
    ended: str
    watching: str
    switching: str
    now_over: str
    sound_on: str
    sound_off: str
    menu_title: str
    resume: str
    in_use: str
    quit: str
    keys: str


ENGLISH = Texts(
    first_half="1st half",
    second_half="2nd half",
    kick_off="Kick-off",
    half_time="Half-time",
    final="Full time",
    goal="GOAL!",
    own_goal="OWN GOAL",
    scored_by="{name}",
    own_goal_by="by {name}",
    orange_wins="Orange wins",
    sky_wins="Sky wins",
    draw="A draw",
    next_match="The next match begins in a moment",
    scorers="Goals",
    joined="{name} joined",
    left="{name} left",
    rtt="RTT",
    snapshot_age="snapshot age",
    milliseconds="{value} ms",
    unknown="–",  # noqa: RUF001 -- a dash is meant
    no_data_for="no data for {seconds} s",
    interrupted="Connection interrupted for {seconds} s",
    connecting="Connecting",
    lost="Connection lost",
    refused="The server refused",
    ended="Goodbye",
    watching="watching",
    switching="moving to {transport}",
    now_over="now over {transport}",
    sound_on="sound on",
    sound_off="sound off",
    menu_title="Jitterball",
    resume="Resume",
    in_use="{transport} (in use)",
    quit="Quit",
    keys="WASD or arrows: move   Space: kick   1 2 3: transport   M: sound   F11: full screen",
)

SPANISH = Texts(
    first_half="1.ª parte",
    second_half="2.ª parte",
    kick_off="Saque inicial",
    half_time="Descanso",
    final="Final",
    goal="¡GOL!",
    own_goal="EN PROPIA PUERTA",
    scored_by="{name}",
    own_goal_by="de {name}",
    orange_wins="Gana el naranja",
    sky_wins="Gana el celeste",
    draw="Empate",
    next_match="El próximo partido empieza enseguida",
    scorers="Goles",
    joined="{name} ha entrado",
    left="{name} ha salido",
    rtt="RTT",
    snapshot_age="edad de la imagen",
    milliseconds="{value} ms",
    unknown="–",  # noqa: RUF001 -- a dash is meant
    no_data_for="sin datos desde hace {seconds} s",
    interrupted="Conexión interrumpida desde hace {seconds} s",
    connecting="Conectando",
    lost="Conexión perdida",
    refused="El servidor no lo permite",
    ended="Adiós",
    watching="mirando",
    switching="cambiando a {transport}",
    now_over="ahora por {transport}",
    sound_on="sonido activado",
    sound_off="sonido desactivado",
    menu_title="Jitterball",
    resume="Seguir",
    in_use="{transport} (en uso)",
    quit="Salir",
    keys="WASD o flechas: mover   Espacio: chutar   1 2 3: transporte   M: sonido"
    "   F11: pantalla completa",
)

LANGUAGES = {"en": ENGLISH, "es": SPANISH}


def texts_for(language: str) -> Texts:
    """Return the texts of a language code such as `es` or `es_AR.UTF-8`; English if unknown."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)


def system_language() -> str:
    """Return the code of the language this computer speaks, `en` if it does not say."""
    # The order in which POSIX looks; Windows sets none of these and has a locale instead.
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value
    return locale.getlocale()[0] or "en"
