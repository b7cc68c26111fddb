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
    stat_age: str
    stat_p95: str
    stat_frozen: str
    stat_stalls: str
    stat_error: str
    stat_units: str
    stat_jitter: str
    stat_lost: str
    stat_resent: str
    stat_down: str
    stat_up: str
    frozen_for: str
    was_frozen_for: str
    guessing: str
    ordered_stream: str
    independent_packets: str
    has_head_of_line_blocking: str
    burst_after_stall: str
    no_data: str
    loss_without_stall: str
    ball_error: str
    you_play: str
    bot_plays: str
    bot_plays_here: str
    corrections: str
    ghosts_delayed: str
    score_from_events: str
    input_to_all: str
    input_to: str
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
    link_delay: str
    link_jitter: str
    link_loss: str
    link_burst: str
    link_rate: str
    no_limit: str
    megabits: str
    arrival_on_time: str
    arrival_late: str
    arrival_burst: str
    arrival_lost: str
    arrival_stale: str
    legend: str
    legend_buffered: str
    legend_starved: str
    help_title: str
    help_close: str
    help_intro: str
    help_lagometer_title: str
    help_move: str
    help_focus: str
    help_switch: str
    help_ghosts: str
    help_trails: str
    help_lagometer: str
    help_help: str
    help_menu: str
    help_interpolation: str
    help_interpolation_less: str
    help_interpolation_more: str
    help_extrapolation: str
    help_prediction: str
    help_reconciliation: str
    help_preset_before: str
    help_preset_after: str
    help_burst: str
    help_nagle: str
    help_unreliable_events: str


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
    stat_age="snapshot age",
    stat_p95="95% < {value}",
    stat_frozen="frozen",
    stat_stalls="stalls/min: {count}",
    stat_error="ball is off by",
    stat_units="units; 95% < {value}",
    stat_jitter="jitter {value}",
    stat_lost="lost",
    stat_resent="sent again: {count}",
    stat_down="down, with headers",
    stat_up="up {value}",
    frozen_for="FROZEN {value} ms",
    was_frozen_for="was frozen {value} ms",
    guessing="GUESSING",
    ordered_stream="one ordered stream: nothing overtakes what is missing",
    independent_packets="each packet on its own: the newest counts",
    has_head_of_line_blocking="a packet was lost: all that came after it must wait",
    burst_after_stall="sent again: now all that waited comes at once",
    no_data="nothing comes through",
    loss_without_stall="a packet was lost: the next one is newer anyway",
    ball_error="{distance} off",
    you_play="you",
    bot_plays="bot (press a key to play)",
    bot_plays_here="bot (Tab gives you the keys)",
    corrections="{count} corrections, {size} px",
    ghosts_delayed="ghosts told late",
    score_from_events="score as told: {score}",
    input_to_all="keys: all",
    input_to="keys: {transport}",
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
    link_delay="delay",
    link_jitter="jitter",
    link_loss="loss",
    link_burst="burst",
    link_rate="rate",
    no_limit="no limit",
    megabits="{value} Mbit/s",
    arrival_on_time="on time",
    arrival_late="late",
    arrival_burst="in a burst, after a stall",
    arrival_lost="lost",
    arrival_stale="too old: discarded",
    legend="columns:",
    legend_buffered="above: ready to draw",
    legend_starved="above: nothing ready",
    help_title="Jitterball: the comparison",
    help_close="F1, Esc or a click closes this page",
    help_intro="The same match, at the same moment, over each transport and the same bad link.",
    help_lagometer_title="Lagometer: time runs to the left, each column a snapshot, as high as old",
    help_move="or the arrows: run; Space kicks. A bot plays when you do not",
    help_focus="give the keys to one panel only, or to all (or click a pitch)",
    help_switch="move to {transport}: the panel with the keys, else the first",
    help_ghosts="white outlines: the truth of this frame's time, or the server's present",
    help_trails="where the ball was drawn in the last 2 s, a dot a frame",
    help_lagometer="the lagometers, a column a snapshot",
    help_help="this page",
    help_menu="menu: sound (also M), leave",
    help_interpolation="draw between two snapshots, a little in the past",
    help_interpolation_less="draw less late",
    help_interpolation_more="draw later (up to 300 ms)",
    help_extrapolation="guess on (up to 250 ms) when nothing has come, else freeze",
    help_prediction="show your keys' effect at once: off, own player, and the ball",
    help_reconciliation="replay your newer keys on the server's answer",
    help_preset_before="the link before",
    help_preset_after="the next link",
    help_burst="lose every packet for 300 ms",
    help_nagle="Nagle's algorithm: small messages wait for an acknowledgement",
    help_unreliable_events="send kicks and goals as what may be lost: over UDP some vanish",
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
    stat_age="edad",
    stat_p95="95 % < {value}",
    stat_frozen="congelado",
    stat_stalls="atascos/min: {count}",
    stat_error="error del balón",
    stat_units="unidades; 95 % < {value}",
    stat_jitter="jitter {value}",
    stat_lost="perdido",
    stat_resent="reenviados: {count}",
    stat_down="bajada",
    stat_up="subida {value}",
    frozen_for="CONGELADO {value} ms",
    was_frozen_for="congelado {value} ms",
    guessing="ADIVINANDO",
    ordered_stream="un flujo ordenado: nada adelanta a lo que falta",
    independent_packets="cada paquete por su cuenta: vale el más nuevo",
    has_head_of_line_blocking="se perdió un paquete: todo lo posterior espera",
    burst_after_stall="reenviado: llega de golpe todo lo que esperaba",
    no_data="no llega nada",
    loss_without_stall="se perdió un paquete: el siguiente es más nuevo",
    ball_error="a {distance}",
    you_play="tú",
    bot_plays="bot (pulsa para jugar)",
    bot_plays_here="bot (Tab te da las teclas)",
    corrections="{count} correcciones, {size} px",
    ghosts_delayed="fantasmas con retraso",
    score_from_events="marcador contado: {score}",
    input_to_all="teclas: todos",
    input_to="teclas: {transport}",
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
    link_delay="retardo",
    link_jitter="jitter",
    link_loss="pérdida",
    link_burst="ráfaga",
    link_rate="tasa",
    no_limit="sin tope",
    megabits="{value} Mbit/s",
    arrival_on_time="a tiempo",
    arrival_late="tarde",
    arrival_burst="de golpe, tras un atasco",
    arrival_lost="perdida",
    arrival_stale="vieja: descartada",
    legend="columnas:",
    legend_buffered="arriba: listo para dibujar",
    legend_starved="arriba: nada listo",
    help_title="Jitterball: la comparación",
    help_close="F1, Esc o un clic cierra esta página",
    help_intro="El mismo partido, a la vez, por cada transporte y el mismo enlace malo.",
    help_lagometer_title="Lagómetro: el tiempo corre a la izquierda; una columna por instantánea,"
    " tan alta como vieja",
    help_move="o flechas: correr; Espacio chuta. Un bot juega si no lo haces tú",
    help_focus="dar las teclas a un solo panel, o a todos (o clic en un campo)",
    help_switch="pasar a {transport}: el panel con las teclas, o el primero",
    help_ghosts="contornos blancos: la verdad de ese instante, o el presente del servidor",
    help_trails="dónde se dibujó el balón en los últimos 2 s, un punto por fotograma",
    help_lagometer="los lagómetros, una columna por instantánea",
    help_help="esta página",
    help_menu="menú: sonido (también M), salir",
    help_interpolation="dibujar entre dos instantáneas, un poco en el pasado",
    help_interpolation_less="dibujar menos tarde",
    help_interpolation_more="dibujar más tarde (hasta 300 ms)",
    help_extrapolation="adivinar (hasta 250 ms) si no llega nada; si no, congelar",
    help_prediction="mostrar ya el efecto de tus teclas: no, tu jugador, y el balón",
    help_reconciliation="repetir tus teclas sobre la respuesta del servidor",
    help_preset_before="el enlace anterior",
    help_preset_after="el enlace siguiente",
    help_burst="perder todos los paquetes durante 300 ms",
    help_nagle="algoritmo de Nagle: los mensajes pequeños esperan un acuse",
    help_unreliable_events="enviar tiros y goles sin garantía: por UDP algunos desaparecen",
)

LANGUAGES = {"en": ENGLISH, "es": SPANISH}


def texts_for(language: str) -> Texts:
    """Return the texts of a language code such as `es` or `es_AR.UTF-8`; English if unknown."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)
