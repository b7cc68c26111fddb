"""All the words on the screen, in English and Spanish.

One field a text, so that a language which lacks one does not even start.
"""

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
    is_on: str
    keys: str
    tagline: str
    percent: str
    kilobytes: str
    lag_buffer: str
    lag_snapshots: str
    lag_rtt: str
    fig_age: str
    fig_p95: str
    fig_frozen: str
    fig_stalls: str
    fig_error: str
    fig_units: str
    fig_jitter: str
    fig_lost: str
    fig_resent: str
    fig_down: str
    fig_up: str
    frozen_for: str
    was_frozen_for: str
    guessing: str
    flows_ordered: str
    flows_loose: str
    has_head_of_line_blocking: str
    all_at_once: str
    nothing_comes: str
    lost_goes_on: str
    distance_off: str
    you_steer: str
    bot_steers: str
    bot_steers_here: str
    corrections: str
    ghosts_late: str
    score_told: str
    keys_to_all: str
    keys_to: str
    ghosts_off: str
    ghosts_render_time: str
    ghosts_present: str
    trails: str
    lagometer: str
    help: str
    menu: str
    interpolation: str
    extrapolation: str
    prediction_off: str
    prediction_own: str
    prediction_ball: str
    reconciliation: str
    burst: str
    nagle: str
    unreliable_events: str
    dial_delay: str
    dial_jitter: str
    dial_loss: str
    dial_burst: str
    dial_rate: str
    no_limit: str
    megabits: str
    verdict_on_time: str
    verdict_late: str
    verdict_burst: str
    verdict_lost: str
    verdict_stale: str
    legend: str
    legend_buffer: str
    legend_dry: str
    help_title: str
    help_close: str
    help_intro: str
    help_lagometer_title: str
    help_move: str
    help_keys: str
    help_switch: str
    help_ghosts: str
    help_trails: str
    help_lagometer: str
    help_help: str
    help_menu: str
    help_interpolation: str
    help_less: str
    help_more: str
    help_extrapolation: str
    help_prediction: str
    help_reconciliation: str
    help_preset_before: str
    help_preset_after: str
    help_burst: str
    help_nagle: str
    help_latest_events: str


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
    is_on="{what}: on",
    keys="WASD or arrows: move   Space: kick   1 2 3: transport   M: sound   F11: full screen",
    tagline="one match, one moment: {transports}",
    percent="{value}%",
    kilobytes="{value} kB/s",
    lag_buffer="ready to draw",
    lag_snapshots="snapshots, by age",
    lag_rtt="RTT",
    fig_age="snapshot age",
    fig_p95="95% < {value}",
    fig_frozen="frozen",
    fig_stalls="stalls/min: {count}",
    fig_error="ball is off by",
    fig_units="units; 95% < {value}",
    fig_jitter="jitter {value}",
    fig_lost="lost",
    fig_resent="sent again: {count}",
    fig_down="down, with headers",
    fig_up="up {value}",
    frozen_for="FROZEN {value} ms",
    was_frozen_for="was frozen {value} ms",
    guessing="GUESSING",
    flows_ordered="one ordered stream: nothing overtakes what is missing",
    flows_loose="each packet on its own: the newest counts",
    has_head_of_line_blocking="a packet was lost: all that came after it must wait",
    all_at_once="sent again: now all that waited comes at once",
    nothing_comes="nothing comes through",
    lost_goes_on="a packet was lost: the next one is newer anyway",
    distance_off="{distance} off",
    you_steer="you",
    bot_steers="bot (press a key to play)",
    bot_steers_here="bot (Tab gives you the keys)",
    corrections="{count} corrections, {size} px",
    ghosts_late="ghosts told late",
    score_told="score as told: {score}",
    keys_to_all="keys: all",
    keys_to="keys: {transport}",
    ghosts_off="ghosts off",
    ghosts_render_time="ghosts: the truth",
    ghosts_present="ghosts: the present",
    trails="trails",
    lagometer="lagometer",
    help="help",
    menu="menu",
    interpolation="interpolation {value} ms",
    extrapolation="extrapolation",
    prediction_off="prediction off",
    prediction_own="predict: own player",
    prediction_ball="predict: player and ball",
    reconciliation="reconciliation",
    burst="lose all for 300 ms",
    nagle="Nagle",
    unreliable_events="goals may be lost",
    dial_delay="delay",
    dial_jitter="jitter",
    dial_loss="loss",
    dial_burst="burst",
    dial_rate="rate",
    no_limit="no limit",
    megabits="{value} Mbit/s",
    verdict_on_time="on time",
    verdict_late="late",
    verdict_burst="in a burst, after a stall",
    verdict_lost="lost",
    verdict_stale="too old: discarded",
    legend="columns:",
    legend_buffer="above: ready to draw",
    legend_dry="above: nothing ready",
    help_title="Jitterball: the comparison",
    help_close="F1, Esc or a click closes this page",
    help_intro="The same match, at the same moment, over each transport and the same bad link.",
    help_lagometer_title="Lagometer: time runs to the left, each column a snapshot, as high as old",
    help_move="or the arrows: run; Space kicks. A bot plays when you do not",
    help_keys="give the keys to one panel only, or to all (or click a pitch)",
    help_switch="move to {transport}: the panel with the keys, else the first",
    help_ghosts="white outlines: the truth of this frame's time, or the server's present",
    help_trails="where the ball was drawn in the last 2 s, a dot a frame",
    help_lagometer="the lagometers, a column a snapshot",
    help_help="this page",
    help_menu="menu: sound (also M), leave",
    help_interpolation="draw between two snapshots, a little in the past",
    help_less="draw less late",
    help_more="draw later (up to 300 ms)",
    help_extrapolation="guess on (up to 250 ms) when nothing has come, else freeze",
    help_prediction="show your keys' effect at once: off, own player, and the ball",
    help_reconciliation="replay your newer keys on the server's answer",
    help_preset_before="the link before",
    help_preset_after="the next link",
    help_burst="lose every packet for 300 ms",
    help_nagle="Nagle's algorithm: small messages wait for an acknowledgement",
    help_latest_events="send kicks and goals as what may be lost: over UDP some vanish",
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
    is_on="{what}: activado",
    keys="WASD o flechas: mover   Espacio: chutar   1 2 3: transporte   M: sonido"
    "   F11: pantalla completa",
    tagline="un partido, un instante: {transports}",
    percent="{value} %",
    kilobytes="{value} kB/s",
    lag_buffer="listo para dibujar",
    lag_snapshots="instantáneas, por edad",
    lag_rtt="RTT",
    fig_age="edad",
    fig_p95="95 % < {value}",
    fig_frozen="congelado",
    fig_stalls="atascos/min: {count}",
    fig_error="error del balón",
    fig_units="unidades; 95 % < {value}",
    fig_jitter="jitter {value}",
    fig_lost="perdido",
    fig_resent="reenviados: {count}",
    fig_down="bajada",
    fig_up="subida {value}",
    frozen_for="CONGELADO {value} ms",
    was_frozen_for="congelado {value} ms",
    guessing="ADIVINANDO",
    flows_ordered="un flujo ordenado: nada adelanta a lo que falta",
    flows_loose="cada paquete por su cuenta: vale el más nuevo",
    has_head_of_line_blocking="se perdió un paquete: todo lo posterior espera",
    all_at_once="reenviado: llega de golpe todo lo que esperaba",
    nothing_comes="no llega nada",
    lost_goes_on="se perdió un paquete: el siguiente es más nuevo",
    distance_off="a {distance}",
    you_steer="tú",
    bot_steers="bot (pulsa para jugar)",
    bot_steers_here="bot (Tab te da las teclas)",
    corrections="{count} correcciones, {size} px",
    ghosts_late="fantasmas con retraso",
    score_told="marcador contado: {score}",
    keys_to_all="teclas: todos",
    keys_to="teclas: {transport}",
    ghosts_off="sin fantasmas",
    ghosts_render_time="fantasmas: la verdad",
    ghosts_present="fantasmas: el presente",
    trails="estelas",
    lagometer="lagómetro",
    help="ayuda",
    menu="menú",
    interpolation="interpolación {value} ms",
    extrapolation="extrapolación",
    prediction_off="sin predicción",
    prediction_own="predice: tu jugador",
    prediction_ball="predice: jugador y balón",
    reconciliation="reconciliación",
    burst="corte de 300 ms",
    nagle="Nagle",
    unreliable_events="los goles se pueden perder",
    dial_delay="retardo",
    dial_jitter="jitter",
    dial_loss="pérdida",
    dial_burst="ráfaga",
    dial_rate="tasa",
    no_limit="sin tope",
    megabits="{value} Mbit/s",
    verdict_on_time="a tiempo",
    verdict_late="tarde",
    verdict_burst="de golpe, tras un atasco",
    verdict_lost="perdida",
    verdict_stale="vieja: descartada",
    legend="columnas:",
    legend_buffer="arriba: listo para dibujar",
    legend_dry="arriba: nada listo",
    help_title="Jitterball: la comparación",
    help_close="F1, Esc o un clic cierra esta página",
    help_intro="El mismo partido, a la vez, por cada transporte y el mismo enlace malo.",
    help_lagometer_title="Lagómetro: el tiempo corre a la izquierda; una columna por instantánea,"
    " tan alta como vieja",
    help_move="o flechas: correr; Espacio chuta. Un bot juega si no lo haces tú",
    help_keys="dar las teclas a un solo panel, o a todos (o clic en un campo)",
    help_switch="pasar a {transport}: el panel con las teclas, o el primero",
    help_ghosts="contornos blancos: la verdad de ese instante, o el presente del servidor",
    help_trails="dónde se dibujó el balón en los últimos 2 s, un punto por fotograma",
    help_lagometer="los lagómetros, una columna por instantánea",
    help_help="esta página",
    help_menu="menú: sonido (también M), salir",
    help_interpolation="dibujar entre dos instantáneas, un poco en el pasado",
    help_less="dibujar menos tarde",
    help_more="dibujar más tarde (hasta 300 ms)",
    help_extrapolation="adivinar (hasta 250 ms) si no llega nada; si no, congelar",
    help_prediction="mostrar ya el efecto de tus teclas: no, tu jugador, y el balón",
    help_reconciliation="repetir tus teclas sobre la respuesta del servidor",
    help_preset_before="el enlace anterior",
    help_preset_after="el enlace siguiente",
    help_burst="perder todos los paquetes durante 300 ms",
    help_nagle="algoritmo de Nagle: los mensajes pequeños esperan un acuse",
    help_latest_events="enviar tiros y goles sin garantía: por UDP algunos desaparecen",
)

LANGUAGES = {"en": ENGLISH, "es": SPANISH}


def texts_for(language: str) -> Texts:
    """Return the texts of a language code such as `es` or `es_AR.UTF-8`; English if unknown."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)
