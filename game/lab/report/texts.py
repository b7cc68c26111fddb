"""All texts of the report, in English and Spanish.  [pure]

Each text is a field, so a language with a missing text raises ``TypeError`` on import. Names in
braces are filled in by ``str.format``. A text whose name ends in ``_explained`` is the paragraph
for the column or plot of that name.
"""

import re
from dataclasses import dataclass

from net.link.label import ENGLISH_LINK_WORDS, SPANISH_LINK_WORDS, LinkWords

_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """The texts of the report in one language; ``link_words`` are those of a link's label."""

    language: str
    decimal_mark: str
    link_words: LinkWords
    title: str
    title_compared: str
    contents: str
    no_scripts: str

    conclusion: str
    conclusion_and: str
    conclusion_frozen: str
    conclusion_never_frozen: str
    conclusion_difference: str
    conclusion_no_difference: str
    conclusion_lost: str
    conclusion_disconnected: str
    conclusion_busy: str

    setup: str
    setup_explained: str
    measurement: str
    started: str
    server: str
    own_server: str
    machine: str
    emulation: str
    emulation_none: str
    emulation_model: str
    emulation_kernel: str
    congestion: str
    congestion_of_library: str
    congestion_of_system: str
    duration: str
    duration_value: str
    seed: str
    bots: str
    snapshots: str
    snapshots_value: str
    snapshots_delta: str
    snapshots_whole: str
    codec: str
    clock: str
    clock_shared: str
    clock_synchronised: str
    reference: str
    reference_spectator: str
    reference_later: str

    headline: str
    headline_explained: str
    compared_explained: str
    link: str
    run: str
    best: str
    worst: str
    frozen: str
    frozen_explained: str
    stalls: str
    stalls_explained: str
    longest: str
    longest_explained: str
    drawn: str
    drawn_explained: str
    drawn_p95: str
    drawn_p95_explained: str
    error: str
    error_explained: str
    input: str
    input_explained: str
    rtt: str
    rtt_explained: str
    lost: str
    lost_explained: str
    resent: str
    resent_explained: str
    disconnected: str
    disconnected_value: str
    disconnected_explained: str
    busy: str
    paused: str

    overview: str
    overview_explained: str
    overview_frozen: str
    overview_drawn: str

    ages: str
    ages_explained: str
    ages_drift_explained: str
    ages_disconnected_explained: str
    ages_recorded_explained: str
    link_delay: str
    link_lost_up: str
    link_lost_down: str
    ages_axis: str
    ages_strip: str
    time_axis: str
    worst_of_each: str

    age_curve: str
    age_curve_explained: str
    age_curve_lost: str
    age_curve_resent: str
    age_curve_axis: str
    share_due_axis: str

    gap_curve: str
    gap_curve_explained: str
    gap_curve_axis: str
    share_arrived_axis: str

    errors: str
    errors_explained: str
    errors_axis: str

    bytes: str
    bytes_explained: str
    bytes_axis: str
    bytes_up: str
    bytes_down: str
    payload: str
    headers: str

    transports: str
    transports_explained: str
    connect: str
    first_snapshot: str
    header_bytes: str
    snapshots_lost: str
    out_of_order: str
    sent_again: str
    median_and_p99: str

    check: str
    check_explained: str
    check_delay: str
    check_age: str
    check_baseline: str
    check_rtt_expected: str
    check_rtt: str
    check_loss: str
    check_packets_lost: str

    class_title: str
    class_explained: str
    class_left_out: str
    class_length: str
    class_devices: str
    class_dropped: str
    class_nothing: str
    class_transports: str
    class_transports_explained: str
    class_students: str
    class_students_explained: str
    class_student: str
    class_count: str
    class_minutes: str
    class_device: str
    class_never_shown: str
    class_never_shown_explained: str
    class_on_wire: str
    class_on_wire_explained: str
    class_overview: str
    class_page: str
    class_window: str
    measured_class_title: str
    measured_class_explained: str
    measured_class_students_explained: str
    measured_class_on_wire_explained: str
    measured_class_busy: str

    def numbers(self, text: str) -> str:
        """Return a text whose numbers are written as in the language."""
        return _DECIMAL_POINT.sub(self.decimal_mark, text)

    @property
    def separators(self) -> str:
        """The decimal mark and the thousands separator, as plotly takes them."""
        return ",." if self.decimal_mark == "," else ".,"


ENGLISH = ReportTexts(
    language="en",
    decimal_mark=".",
    link_words=ENGLISH_LINK_WORDS,
    title="Jitterball: a measurement of lag",
    title_compared="Jitterball: {count} measurements of lag, compared",
    contents="Contents",
    no_scripts="The plots are drawn by a script inside this file: allow it in your browser.",
    conclusion="In short",
    conclusion_and="and",
    conclusion_frozen="On link {link} the picture was frozen for this share of the time: {values}.",
    conclusion_never_frozen="On link {link} the picture was never frozen, over any transport.",
    conclusion_difference=(
        "There were fewer frozen frames over {best} than over {worst}, and the difference is "
        "larger than chance."
    ),
    conclusion_no_difference=(
        "The differences between the transports could be chance: measure longer to know."
    ),
    conclusion_lost="These shares of the snapshots never came, or came too late: {values}.",
    conclusion_disconnected=(
        "These lost their connection, how often and for how long: {values}. The picture stood "
        "still then too, and this time is not among the frozen."
    ),
    conclusion_busy="The computer was busy, so all these figures are worse than the link.",
    setup="Setup",
    setup_explained=(
        "All transports played the same match at the same time over each link. Each had a client "
        "without a screen, controlled by a bot, so all ran under the same conditions on this "
        "computer. The links were measured one after the other. All delays and losses of a link "
        "are one-way."
    ),
    measurement="measurement",
    started="started",
    server="server",
    own_server="private, on this computer",
    machine="computer",
    emulation="emulated link",
    emulation_none="none: the real network",
    emulation_model="a relay with a model of the link and of the kernel's TCP",
    emulation_kernel="real packets lost between two network namespaces of the kernel",
    congestion="congestion control",
    congestion_of_library="of QUIC: its library's (Reno), not the kernel's",
    congestion_of_system="of TCP and WebSocket: the kernel's, or its model",
    duration="time per link",
    duration_value="{seconds} s",
    seed="seed",
    bots="bots",
    snapshots="snapshots",
    snapshots_value="{hz:g} per second, interpolation delay {delay_ms:.0f} ms",
    snapshots_delta="sent as changes",
    snapshots_whole="sent whole",
    codec="codec",
    clock="clock",
    clock_shared="client and server read the same clock",
    clock_synchronised="the server's, estimated from pings (error bound in results.json)",
    reference="reference position of the ball",
    reference_spectator="from a spectator without an emulated link",
    reference_later="from snapshots that arrived later",
    headline="Results that a player notices",
    headline_explained=(
        "A mean is followed by ± half of its 95% interval, estimated from ten blocks of time: "
        "the mean of another run of this length would mostly be within it. ▲ best and ▼ worst "
        "are marked only if the intervals of the best and the worst do not overlap; without "
        "marks this measurement shows no difference. A value without an interval (the longest "
        "freeze, the 95th percentile) is never marked: it depends on a few moments. “0 <9” means "
        "that none was seen, and that the true value is below nine with 95% confidence."
    ),
    compared_explained=(
        "These measurements were made one after the other, so the computer and the network may "
        "have changed between them. So ▲ and ▼ compare values within one measurement only. A "
        "difference between measurements is credible if the intervals do not overlap and "
        "measuring both again gives the same."
    ),
    link="link",
    run="transport",
    best="best",
    worst="worst",
    frozen="frozen, %",
    frozen_explained=(
        "the share of frames, at 60 per second, without a new enough snapshot: the picture stood "
        "still, or moved in jumps because every snapshot came too late"
    ),
    stalls="stalls per minute",
    stalls_explained=(
        "a stall is a gap of more than 125 ms between two arriving snapshots, also where the "
        "interpolation delay bridges it or where all snapshots come too late to be drawn on time"
    ),
    longest="longest freeze, ms",
    longest_explained="the longest time in which frozen frames showed one and the same snapshot",
    drawn="age when drawn, ms",
    drawn_explained="the age of the newest snapshot at each frame; it grows while nothing arrives",
    drawn_p95="age when drawn, p95, ms",
    drawn_p95_explained="the 95th percentile: 95% of the frames were not older",
    error="ball error",
    error_explained=(
        "the distance between the drawn ball and its true position at the render time, in pitch "
        "units; the ball has a radius of {radius:g}"
    ),
    input="input to drawn, ms",
    input_explained=(
        "the time from a change of the keys to a frame with its effect: up to the server, a "
        "tick, down to the client, and the interpolation delay"
    ),
    rtt="RTT, ms",
    rtt_explained=(
        "the median round-trip time of a ping; it says little about the columns before it"
    ),
    lost="lost, %",
    lost_explained=(
        "snapshots that did not arrive, or arrived after a newer one. With UDP they were lost on "
        "the way. With TCP the sender left them out, because older ones were still waiting. Those "
        "that were due while there was no connection are not counted"
    ),
    resent="resent",
    resent_explained="the number of retransmissions, by TCP or by the transport itself",
    disconnected="connections lost",
    disconnected_value="{count}: {seconds} s",
    disconnected_explained=(
        "the number of times that the client heard nothing for ten seconds, gave the connection up "
        "and opened a new one, and the time from the last snapshot over the old connection to the "
        "first over the new one. No other column includes this time"
    ),
    busy=(
        "⚠ The computer was busy: without any link it delayed snapshots by {delay_ms:.1f} ms "
        "(the median). All results of this link are worse than the link itself; close other "
        "programs and measure again."
    ),
    paused=(
        "⚠ This program did not run for {seconds} s: the computer was suspended, or the program "
        "stopped. The stall of that time is not the link's; measure again."
    ),
    overview="Overview of all links",
    overview_explained=(
        "A dot is the mean of the whole run; the bar is its 95% interval. If two bars overlap, "
        "this measurement alone does not show which is better. The age has a logarithmic scale."
    ),
    overview_frozen="share of time frozen, %",
    overview_drawn="age when drawn, ms",
    ages="Age over time",
    ages_explained=(
        "The age of the newest snapshot, 60 frames per second; each point is the oldest frame of "
        "the time that the axis names. A stall is a slope, one millisecond per millisecond, that "
        "ends when a snapshot arrives. Over TCP and WebSocket a lost packet delays all data sent "
        "after it (head-of-line blocking), and then everything arrives at once. Over UDP the "
        "next snapshot arrives on time. The bands below show when the picture stood still. "
        "Frames are drawn by the clock, also when nothing arrives, so a missing snapshot counts "
        "in every frame that misses it."
    ),
    ages_drift_explained=(
        "All lines rise and fall together by up to {drift_ms:.0f} ms, once in {period_s:.0f} s. "
        "Frames come at {frame_hz:g} Hz and ticks at {tick_hz} Hz, so a frame slowly drifts from "
        "just after a snapshot to just before it. No transport causes this."
    ),
    ages_disconnected_explained=(
        "A line has a gap, and its band is grey, while there was no connection."
    ),
    ages_recorded_explained=(
        "The dotted line is the delay of the recorded link, one way, from the server to the "
        "client. The two rows of the link show when it lost more than half of all packets: all "
        "transports met the same holes at the same moments."
    ),
    link_delay="delay of the link",
    link_lost_up="link up lost",
    link_lost_down="link down lost",
    ages_axis="age when drawn, ms",
    ages_strip="frozen",
    time_axis="seconds",
    worst_of_each="worst of each {seconds:g} s",
    age_curve="Age of snapshots at arrival",
    age_curve_explained=(
        "For each age on the x axis (logarithmic), the curve shows the share of due snapshots "
        "that arrived with this age or less. A steep curve on the left is good. A curve that ends "
        "below 100% shows loss. The age is the arrival time in the network thread minus the "
        "server's time stamp in the snapshot."
    ),
    age_curve_lost="Here these end below 100%: {names}. What was lost was not sent again.",
    age_curve_resent=(
        "Here these delivered every snapshot, with retransmissions: {names}. The long tail is the "
        "wait for them."
    ),
    age_curve_axis="age at arrival, ms",
    share_due_axis="% of the snapshots due",
    gap_curve="Time between arrivals",
    gap_curve_explained=(
        "On a perfect link all gaps equal the sending interval, and the curve is a step there. "
        "Gaps near zero are bursts: snapshots that waited in TCP's queue behind a lost packet "
        "and arrived together. A gap of two intervals is one snapshot lost over UDP. A gap above "
        "125 ms counts as a stall. Gaps below 0.1 ms are drawn at 0.1 ms, since a logarithmic "
        "axis has no zero."
    ),
    gap_curve_axis="time since the previous snapshot, ms",
    share_arrived_axis="% of the arrivals",
    errors="Visual error over time",
    errors_explained=(
        "The distance of the drawn ball from its true position at the render time, in pitch "
        "units: this is what a player sees. A peak of one transport is a ball that stood still "
        "and then jumped. Peaks of all transports come from drawing between two snapshots: small "
        "ones where the ball bounced between them, and a large one for a single frame after a "
        "goal. A freeze matters only while the ball moves."
    ),
    errors_axis="distance, pitch units",
    bytes="Bytes per second",
    bytes_explained=(
        "The bytes that each client sent up and received down. Payload is the game's own data; "
        "headers are those of TCP, UDP, IP and WebSocket, counted by the transport. A game sends "
        "many small messages, so most of the upload is headers. On Linux the kernel counts TCP's "
        "packets, including pure acknowledgements: that is part of the reason for TCP's larger "
        "headers. Over an emulated link these are the packets to the relay, without the "
        "retransmissions of the model."
    ),
    bytes_axis="bytes per second",
    bytes_up="{name}, up",
    bytes_down="{name}, down",
    payload="payload",
    headers="headers",
    transports="Comparison of the transports",
    transports_explained=(
        "Round trips are counted through a relay with a delay of 100 ms each way and no loss: "
        "first until the connection is open, then until the first snapshot, which includes the "
        "game's own handshake. Header bytes are the mean of the messages from the server. All "
        "other values are of the link named."
    ),
    connect="round trips to connect",
    first_snapshot="round trips to the first snapshot",
    header_bytes="header bytes per message",
    snapshots_lost="snapshots lost",
    out_of_order="snapshots out of order, discarded",
    sent_again="segments or messages resent",
    median_and_p99="snapshot age, median / p99, ms",
    check="Check against the link",
    check_explained=(
        "This table checks the measurement itself. The median age should be the emulated one-way "
        "delay plus the delay that the computer adds, which a spectator without a link measures. "
        "The median RTT should be a little more than twice the delay. Over a link with loss the "
        "values of TCP and WebSocket are larger, since some data waited. With jitter that "
        "reorders, those of UDP are smaller, since late snapshots are discarded and only the "
        "fast ones count. The share of lost packets comes from the relay's counters; with many "
        "packets it should be close to the setting."
    ),
    check_delay="one-way delay emulated, ms",
    check_age="median age, ms",
    check_baseline="added by the computer, ms",
    check_rtt_expected="RTT emulated, ms",
    check_rtt="median RTT, ms",
    check_loss="loss emulated, %",
    check_packets_lost="packets lost down, %",
    class_title="Jitterball: the results of a class",
    class_explained=(
        "Every client reported its own figures to the server, once a second, while it played. "
        "The figures have the definitions of jitterball measure. The seconds after a change of "
        "transport or link belong to the new one. Delays and losses of a link are one-way."
    ),
    class_left_out=(
        "A report has no samples. So there are no curves over time here, no input to drawn, no "
        "bytes and no retransmissions: jitterball measure has them. Age, RTT and ball error have "
        "one sample a second. Frames, stalls and snapshots are all counted. A client that has "
        "lost its connection reports nothing, so that time is missing."
    ),
    class_length="length",
    class_devices="clients",
    class_dropped="The first {count} reports were too many to keep, and are not counted.",
    class_nothing="No client has reported anything.",
    class_transports="By transport",
    class_transports_explained=(
        "A value is the mean over all measured time, followed by ± half of its 95% interval. The "
        "interval comes from the differences between the students; with one student it is that "
        "student's own. ▲ best and ▼ worst are marked only if the intervals of the best and the "
        "worst do not overlap. “0 <9” means that none was seen, and that the true value is below "
        "nine with 95% confidence."
    ),
    class_students="By student",
    class_students_explained=(
        "The blocks of these intervals are minutes; of age and error they are tenths of the "
        "measured time. A student with less than two minutes, or less than 20 s, has no interval. "
        "In a browser (device: page) the clock and the frames are the browser's. A phone draws "
        "fewer frames than a computer, so compare a student's transports with each other first."
    ),
    class_student="student",
    class_count="students",
    class_minutes="measured, min",
    class_device="device",
    class_never_shown="never shown, %",
    class_never_shown_explained=(
        "snapshots that the client never showed: lost on the way, too late, or left out by the "
        "sender because older ones were still waiting"
    ),
    class_on_wire="lost on the wire, %",
    class_on_wire_explained=(
        "packets that the emulated link lost on the way to the client, counted where they are "
        "lost, in whole minutes only"
    ),
    class_overview="share of time frozen, by student, %",
    class_page="page",
    class_window="window",
    measured_class_title="Jitterball: {count} students measured",
    measured_class_explained=(
        "Each student measured alone, and handed in a folder; its name stands for the student. "
        "The figures are those of each folder's own report, which has the curves over time, input "
        "to drawn and bytes. Delays and losses of a link are one-way. Compare a student's "
        "transports with each other first: they shared a computer and a match."
    ),
    measured_class_students_explained=(
        "The blocks of these intervals are tenths of the measured time. Shares of snapshots and "
        "packets have no interval."
    ),
    measured_class_on_wire_explained=(
        "packets that the emulated link lost on the way to the client, counted where they are lost"
    ),
    measured_class_busy=(
        "The computers of these students were busy, so that their figures are worse than the "
        "link: {names}."
    ),
)

SPANISH = ReportTexts(
    language="es",
    decimal_mark=",",
    link_words=SPANISH_LINK_WORDS,
    title="Jitterball: una medición del lag",
    title_compared="Jitterball: {count} mediciones del lag, comparadas",
    contents="Contenido",
    no_scripts=(
        "Las gráficas las dibuja un script dentro de este archivo: permítelo en el navegador."
    ),
    conclusion="En resumen",
    conclusion_and="y",
    conclusion_frozen=(
        "En el enlace {link} la imagen estuvo congelada esta parte del tiempo: {values}."
    ),
    conclusion_never_frozen=(
        "En el enlace {link} la imagen no se congeló nunca, con ningún transporte."
    ),
    conclusion_difference=(
        "Hubo menos fotogramas congelados con {best} que con {worst}, y la diferencia es mayor que "
        "el azar."
    ),
    conclusion_no_difference=(
        "Las diferencias entre los transportes pueden ser azar: mide más tiempo para saberlo."
    ),
    conclusion_lost=(
        "Estas partes de las instantáneas no llegaron, o llegaron demasiado tarde: {values}."
    ),
    conclusion_disconnected=(
        "Estos perdieron su conexión, cuántas veces y por cuánto tiempo: {values}. También "
        "entonces la imagen estuvo quieta, y ese tiempo no está entre el congelado."
    ),
    conclusion_busy=(
        "El ordenador estaba ocupado, así que todas estas cifras son peores que el enlace."
    ),
    setup="Configuración",
    setup_explained=(
        "En cada enlace todos los transportes jugaron el mismo partido a la vez. Cada uno tenía "
        "un cliente sin pantalla controlado por un bot, así que todos corrieron en las mismas "
        "condiciones en este ordenador. Los enlaces se midieron uno tras otro. Todos los "
        "retardos y pérdidas de un enlace son de un solo sentido."
    ),
    measurement="medición",
    started="comienzo",
    server="servidor",
    own_server="privado, en este ordenador",
    machine="ordenador",
    emulation="enlace emulado",
    emulation_none="ninguno: la red real",
    emulation_model="un relé con un modelo del enlace y del TCP del núcleo",
    emulation_kernel="paquetes reales perdidos entre dos espacios de red del núcleo",
    congestion="control de congestión",
    congestion_of_library="de QUIC: el de su biblioteca (Reno), no el del núcleo",
    congestion_of_system="de TCP y WebSocket: el del núcleo, o su modelo",
    duration="tiempo por enlace",
    duration_value="{seconds} s",
    seed="semilla",
    bots="bots",
    snapshots="instantáneas",
    snapshots_value="{hz:g} por segundo, retardo de interpolación {delay_ms:.0f} ms",
    snapshots_delta="enviadas como cambios",
    snapshots_whole="enviadas enteras",
    codec="códec",
    clock="reloj",
    clock_shared="cliente y servidor leen el mismo reloj",
    clock_synchronised="el del servidor, estimado con pings (cota del error en results.json)",
    reference="posición de referencia del balón",
    reference_spectator="de un espectador sin enlace emulado",
    reference_later="de las instantáneas que llegaron después",
    headline="Los resultados que nota quien juega",
    headline_explained=(
        "Tras una media va ± la mitad de su intervalo del 95%, estimado con diez bloques de "
        "tiempo: la media de otra medición igual de larga estaría casi siempre dentro de él. ▲ "
        "mejor y ▼ peor se marcan solo si los intervalos del mejor y del peor no se solapan; sin "
        "marcas, esta medición no muestra ninguna diferencia. Un valor sin intervalo (la "
        "congelación más larga, el percentil 95) nunca se marca: depende de pocos momentos. «0 "
        "<9» significa que no se vio ninguno y que el valor real es menor que nueve con un 95% "
        "de confianza."
    ),
    compared_explained=(
        "Estas mediciones se hicieron una tras otra, así que el ordenador y la red pueden haber "
        "cambiado entre ellas. Por eso ▲ y ▼ comparan valores solo dentro de una medición. Una "
        "diferencia entre mediciones es creíble si los intervalos no se solapan y si al medir "
        "ambas otra vez sale lo mismo."
    ),
    link="enlace",
    run="transporte",
    best="mejor",
    worst="peor",
    frozen="congelado, %",
    frozen_explained=(
        "la parte de los fotogramas, a 60 por segundo, sin una instantánea lo bastante nueva: la "
        "imagen se quedó quieta, o se movió a saltos porque todas llegaban tarde"
    ),
    stalls="atascos por minuto",
    stalls_explained=(
        "un atasco es una separación de más de 125 ms entre dos instantáneas que llegan, también "
        "si el retardo de interpolación la salva, o si todas llegan tarde para dibujarlas a tiempo"
    ),
    longest="congelación más larga, ms",
    longest_explained=(
        "el tiempo más largo en que los fotogramas congelados mostraron una misma instantánea"
    ),
    drawn="edad al dibujar, ms",
    drawn_explained=(
        "la edad de la instantánea más nueva en cada fotograma; crece mientras no llega nada"
    ),
    drawn_p95="edad al dibujar, p95, ms",
    drawn_p95_explained="el percentil 95: el 95% de los fotogramas no pasaba de esta edad",
    error="error del balón",
    error_explained=(
        "la distancia entre el balón dibujado y su posición verdadera en el tiempo dibujado, en "
        "unidades del campo; el balón tiene un radio de {radius:g}"
    ),
    input="tecla a imagen, ms",
    input_explained=(
        "el tiempo desde que cambian las teclas hasta un fotograma con su efecto: la subida al "
        "servidor, un tick, la bajada al cliente y el retardo de interpolación"
    ),
    rtt="RTT, ms",
    rtt_explained=(
        "la mediana del tiempo de ida y vuelta de un ping; dice poco de las columnas anteriores"
    ),
    lost="perdidas, %",
    lost_explained=(
        "instantáneas que no llegaron, o llegaron después de una más nueva. Con UDP se perdieron "
        "por el camino. Con TCP el emisor las omitió, porque otras más viejas aún esperaban. Las "
        "que tocaban mientras no había conexión no se cuentan"
    ),
    resent="reenvíos",
    resent_explained="el número de retransmisiones, de TCP o del propio transporte",
    disconnected="conexiones perdidas",
    disconnected_value="{count}: {seconds} s",
    disconnected_explained=(
        "cuántas veces el cliente no oyó nada durante diez segundos, abandonó la conexión y abrió "
        "otra, y el tiempo desde la última instantánea por la conexión vieja hasta la primera por "
        "la nueva. Ninguna otra columna incluye ese tiempo"
    ),
    busy=(
        "⚠ El ordenador estaba ocupado: sin ningún enlace retrasó las instantáneas "
        "{delay_ms:.1f} ms (la mediana). Todos los resultados de este enlace son peores que el "
        "propio enlace; cierra otros programas y mide otra vez."
    ),
    paused=(
        "⚠ Este programa no corrió durante {seconds} s: el ordenador estuvo suspendido, o el "
        "programa parado. El atasco de ese tiempo no es del enlace; mide otra vez."
    ),
    overview="Resumen de todos los enlaces",
    overview_explained=(
        "Un punto es la media de toda la medición; la barra es su intervalo del 95%. Si dos "
        "barras se solapan, esta medición sola no muestra cuál es mejor. La edad va en escala "
        "logarítmica."
    ),
    overview_frozen="parte del tiempo congelada, %",
    overview_drawn="edad al dibujar, ms",
    ages="La edad a lo largo del tiempo",
    ages_explained=(
        "La edad de la instantánea más nueva, a 60 fotogramas por segundo; cada punto es el "
        "fotograma más viejo del tiempo que dice el eje. Un atasco es una pendiente, un "
        "milisegundo por milisegundo, que termina cuando llega una instantánea. Con TCP y "
        "WebSocket un paquete perdido retrasa todo lo enviado después (bloqueo de cabeza de "
        "línea), y luego llega todo junto. Con UDP la instantánea siguiente llega a tiempo. Las "
        "franjas de abajo muestran cuándo la imagen estuvo quieta. Los fotogramas se dibujan "
        "según el reloj, también cuando no llega nada, así que una instantánea que falta cuenta "
        "en cada fotograma sin ella."
    ),
    ages_drift_explained=(
        "Todas las líneas suben y bajan juntas hasta {drift_ms:.0f} ms, una vez cada "
        "{period_s:.0f} s. Los fotogramas van a {frame_hz:g} Hz y los ticks a {tick_hz} Hz, así "
        "que un fotograma pasa poco a poco de justo después de una instantánea a justo antes. No "
        "lo causa ningún transporte."
    ),
    ages_disconnected_explained=(
        "Una línea tiene un hueco, y su franja es gris, mientras no había conexión."
    ),
    ages_recorded_explained=(
        "La línea de puntos es el retardo del enlace grabado, en un sentido, del servidor al "
        "cliente. Las dos filas del enlace muestran cuándo perdió más de la mitad de los paquetes: "
        "todos los transportes encontraron los mismos huecos en los mismos momentos."
    ),
    link_delay="retardo del enlace",
    link_lost_up="enlace sube perdido",
    link_lost_down="enlace baja perdido",
    ages_axis="edad al dibujar, ms",
    ages_strip="congelado",
    time_axis="segundos",
    worst_of_each="peor de cada {seconds:g} s",
    age_curve="Edad de las instantáneas al llegar",
    age_curve_explained=(
        "Para cada edad del eje x (logarítmico), la curva muestra la parte de las instantáneas "
        "esperadas que llegaron con esa edad o menos. Una curva empinada a la izquierda es "
        "buena. Una curva que termina por debajo del 100% muestra pérdidas. La edad es la hora de "
        "llegada en el hilo de red menos la marca de tiempo del servidor en la instantánea."
    ),
    age_curve_lost=(
        "Aquí terminan por debajo del 100%: {names}. Lo que se perdió no se envió otra vez."
    ),
    age_curve_resent=(
        "Aquí entregaron todas las instantáneas, con retransmisiones: {names}. La cola larga es la "
        "espera."
    ),
    age_curve_axis="edad al llegar, ms",
    share_due_axis="% de las instantáneas esperadas",
    gap_curve="Tiempo entre llegadas",
    gap_curve_explained=(
        "En un enlace perfecto todas las separaciones son el intervalo de envío, y la curva es "
        "un escalón. Las separaciones cercanas a cero son ráfagas: instantáneas que esperaban en "
        "la cola de TCP tras un paquete perdido y llegaron juntas. Una separación de dos "
        "intervalos es una instantánea perdida con UDP. Una separación mayor de 125 ms cuenta "
        "como atasco. Las separaciones menores de 0,1 ms se dibujan en 0,1 ms, porque un eje "
        "logarítmico no tiene cero."
    ),
    gap_curve_axis="tiempo desde la instantánea anterior, ms",
    share_arrived_axis="% de las llegadas",
    errors="El error visual a lo largo del tiempo",
    errors_explained=(
        "La distancia del balón dibujado a su posición verdadera en el tiempo dibujado, en "
        "unidades del campo: esto es lo que se ve. Un pico de un solo transporte es un balón que "
        "se quedó quieto y luego saltó. Los picos de todos los transportes vienen de dibujar "
        "entre dos instantáneas: pequeños donde el balón rebotó entre ellas, y uno grande, de un "
        "solo fotograma, tras un gol. Una congelación solo importa mientras el balón se mueve."
    ),
    errors_axis="distancia, unidades del campo",
    bytes="Bytes por segundo",
    bytes_explained=(
        "Los bytes que cada cliente envió (subida) y recibió (bajada). La carga son los datos "
        "del juego; las cabeceras son las de TCP, UDP, IP y WebSocket, contadas por el "
        "transporte. Un juego envía muchos mensajes pequeños, así que casi toda la subida son "
        "cabeceras. En Linux el núcleo cuenta los paquetes de TCP, también los simples acuses: "
        "en parte por eso sus cabeceras son más. En un enlace emulado son los paquetes hasta el "
        "relé, sin las retransmisiones del modelo."
    ),
    bytes_axis="bytes por segundo",
    bytes_up="{name}, subida",
    bytes_down="{name}, bajada",
    payload="carga",
    headers="cabeceras",
    transports="Comparación de los transportes",
    transports_explained=(
        "Las idas y vueltas se cuentan a través de un relé con un retardo de 100 ms en cada "
        "sentido y sin pérdidas: primero hasta que la conexión está abierta, después hasta la "
        "primera instantánea, con el saludo del propio juego. Los bytes de cabecera son la media "
        "de los mensajes del servidor. Los demás valores son del enlace indicado."
    ),
    connect="idas y vueltas para conectar",
    first_snapshot="idas y vueltas hasta la primera instantánea",
    header_bytes="bytes de cabecera por mensaje",
    snapshots_lost="instantáneas perdidas",
    out_of_order="instantáneas desordenadas, descartadas",
    sent_again="segmentos o mensajes reenviados",
    median_and_p99="edad de la instantánea, mediana / p99, ms",
    check="Comprobación con el enlace",
    check_explained=(
        "Esta tabla comprueba la propia medición. La edad mediana debería ser el retardo de ida "
        "emulado más el que añade el ordenador, que mide un espectador sin enlace. El RTT "
        "mediano debería ser poco más del doble del retardo. En un enlace con pérdidas los "
        "valores de TCP y WebSocket son mayores, porque parte de los datos esperó. Con jitter "
        "que reordena, los de UDP son menores, porque las instantáneas tardías se descartan y "
        "solo cuentan las rápidas. La parte de paquetes perdidos sale de los contadores del "
        "relé; con muchos paquetes debería estar cerca de lo configurado."
    ),
    check_delay="retardo de ida emulado, ms",
    check_age="edad mediana, ms",
    check_baseline="añadido por el ordenador, ms",
    check_rtt_expected="RTT emulado, ms",
    check_rtt="RTT mediano, ms",
    check_loss="pérdida emulada, %",
    check_packets_lost="paquetes perdidos de bajada, %",
    class_title="Jitterball: los resultados de una clase",
    class_explained=(
        "Cada cliente informó de sus propias cifras al servidor, una vez por segundo, mientras "
        "jugaba. Las cifras tienen las definiciones de jitterball measure. Los segundos tras un "
        "cambio de transporte o de enlace son del nuevo. Los retardos y pérdidas de un enlace "
        "son de un solo sentido."
    ),
    class_left_out=(
        "Un informe no trae muestras. Por eso aquí no hay curvas en el tiempo, ni tiempo de la "
        "tecla a la imagen, ni bytes, ni retransmisiones: los tiene jitterball measure. La edad, "
        "el RTT y el error del balón tienen una muestra por segundo. Los fotogramas, cortes e "
        "instantáneas se cuentan todos. Un cliente que ha perdido su conexión no informa, así "
        "que ese tiempo falta."
    ),
    class_length="duración",
    class_devices="clientes",
    class_dropped="Los primeros {count} informes eran demasiados para guardarlos, y no cuentan.",
    class_nothing="Ningún cliente ha informado de nada.",
    class_transports="Por transporte",
    class_transports_explained=(
        "Un valor es la media de todo el tiempo medido, seguida de ± la mitad de su intervalo del "
        "95%. El intervalo viene de las diferencias entre los estudiantes; con un solo estudiante "
        "es el suyo propio. ▲ mejor y ▼ peor solo se marcan si los intervalos "
        "del mejor y del peor no se solapan. «0 <9» significa que no se vio ninguno, y que el "
        "valor verdadero está por debajo de nueve con un 95% de confianza."
    ),
    class_students="Por estudiante",
    class_students_explained=(
        "Los bloques de estos intervalos son minutos; los de la edad y el error son décimas del "
        "tiempo medido. Un estudiante con menos de dos minutos, o de 20 s, no tiene intervalo. En "
        "un navegador (equipo: página) el reloj y los fotogramas son del navegador. Un teléfono "
        "dibuja menos fotogramas que un ordenador: compara primero los transportes de un mismo "
        "estudiante."
    ),
    class_student="estudiante",
    class_count="estudiantes",
    class_minutes="medido, min",
    class_device="equipo",
    class_never_shown="nunca mostradas, %",
    class_never_shown_explained=(
        "instantáneas que el cliente nunca mostró: perdidas por el camino, tardías, u omitidas por "
        "el emisor porque otras más antiguas aún esperaban"
    ),
    class_on_wire="perdidos en la red, %",
    class_on_wire_explained=(
        "paquetes que el enlace emulado perdió camino del cliente, contados donde se pierden, solo "
        "en minutos enteros"
    ),
    class_overview="tiempo congelado, por estudiante, %",
    class_page="página",
    class_window="ventana",
    measured_class_title="Jitterball: midieron {count} estudiantes",
    measured_class_explained=(
        "Cada estudiante midió por su cuenta y entregó una carpeta, cuyo nombre es el del "
        "estudiante. Las cifras son las del informe de cada carpeta, que tiene las curvas en el "
        "tiempo, el tiempo de la tecla a la imagen y los bytes. Los retardos y pérdidas de un "
        "enlace son de un solo sentido. Compara primero los transportes de un mismo estudiante: "
        "compartieron ordenador y partido."
    ),
    measured_class_students_explained=(
        "Los bloques de estos intervalos son décimas del tiempo medido. Las partes de instantáneas "
        "y paquetes no tienen intervalo."
    ),
    measured_class_on_wire_explained=(
        "paquetes que el enlace emulado perdió camino del cliente, contados donde se pierden"
    ),
    measured_class_busy=(
        "Los ordenadores de estos estudiantes estaban ocupados, así que sus cifras son peores que "
        "el enlace: {names}."
    ),
)

LANGUAGES = {"en": ENGLISH, "es": SPANISH}


def report_texts(language: str) -> ReportTexts:
    """Return the texts of a language code such as ``es`` or ``es_AR.UTF-8``; else English."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)
