"""All the words of the report, in English and Spanish.  [pure]

One field a text, so that a language which lacks one does not even start. Names in braces are
filled in by `str.format`. A text whose name ends in `_means` is the paragraph that stands under the
figure of that name.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """What the report says in one language."""

    language: str
    title: str
    title_compared: str
    contents: str
    no_scripts: str

    setup: str
    setup_means: str
    measurement: str
    started: str
    server: str
    own_server: str
    machine: str
    emulation: str
    emulation_none: str
    emulation_model: str
    emulation_kernel: str
    duration: str
    duration_value: str
    seed: str
    bots: str
    snapshots: str
    snapshots_value: str
    codec: str
    clock: str
    clock_shared: str
    clock_synchronised: str
    truth: str
    truth_spectator: str
    truth_later: str

    headline: str
    headline_means: str
    compared_means: str
    link: str
    run: str
    best: str
    worst: str
    frozen: str
    frozen_means: str
    stalls: str
    stalls_means: str
    longest: str
    longest_means: str
    drawn: str
    drawn_means: str
    drawn_p95: str
    drawn_p95_means: str
    error: str
    error_means: str
    input: str
    input_means: str
    rtt: str
    rtt_means: str
    lost: str
    lost_means: str
    resent: str
    resent_means: str
    busy: str

    overview: str
    overview_means: str
    overview_frozen: str
    overview_drawn: str

    ages: str
    ages_means: str
    ages_axis: str
    ages_strip: str
    time_axis: str
    worst_of_each: str

    age_curve: str
    age_curve_means: str
    age_curve_axis: str
    share_due_axis: str

    gap_curve: str
    gap_curve_means: str
    gap_curve_axis: str
    share_arrived_axis: str

    errors: str
    errors_means: str
    errors_axis: str

    bytes: str
    bytes_means: str
    bytes_axis: str
    bytes_up: str
    bytes_down: str
    payload: str
    headers: str

    course: str
    course_means: str
    connect: str
    first_snapshot: str
    header_bytes: str
    snapshots_lost: str
    out_of_order: str
    sent_again: str
    median_and_p99: str

    check: str
    check_means: str
    check_delay: str
    check_age: str
    check_baseline: str
    check_rtt_expected: str
    check_rtt: str
    check_loss: str
    check_packets_lost: str


ENGLISH = ReportTexts(
    language="en",
    title="Jitterball: a measurement of lag",
    title_compared="Jitterball: {count} measurements of lag, compared",
    contents="Contents",
    no_scripts="The plots are drawn by a script inside this file: allow it in your browser.",
    setup="What was run",
    setup_means=(
        "On each link all transports played the same match at the same time, each with a client "
        "without a screen that a bot drove, so that they met the same moment of the same "
        "computer. The links followed one another. All delays and losses of a link are one-way."
    ),
    measurement="measurement",
    started="started",
    server="server",
    own_server="one of our own, on this computer",
    machine="computer",
    emulation="emulated link",
    emulation_none="none: the network as it is",
    emulation_model="a relay with a model of the link, and of the kernel's TCP over it",
    emulation_kernel="real packets lost between two network namespaces of the kernel",
    duration="each link took",
    duration_value="{seconds} s",
    seed="seed",
    bots="bots",
    snapshots="snapshots",
    snapshots_value="{hz:g} a second, drawn {late:.0f} ms in the past",
    codec="codec",
    clock="clock",
    clock_shared="client and server read the same one",
    clock_synchronised="the server's, estimated from pings (see the error bound in results.json)",
    truth="the ball's true place",
    truth_spectator="from a spectator whom no link slowed down",
    truth_later="from the snapshots that came later",
    headline="The figures a player feels",
    headline_means=(
        "A mean is followed by ± half of its 95% interval, estimated from ten blocks of time: "
        "another run as long would have given another mean, mostly within it. ▲ best and ▼ worst "
        "are marked only where the intervals of the best and the worst do not overlap; where "
        "nothing is marked, this measurement shows no difference. A figure without an interval "
        "(the longest freeze, the 95th percentile) is never marked: it rests on a few moments. "
        "“0 <9” means: none seen, and fewer than nine can be claimed."
    ),
    compared_means=(
        "These measurements were made one after the other, so between two of them the computer "
        "and the network may have changed, too. ▲ and ▼ are therefore given within each "
        "measurement only. To believe a difference between measurements, look whether the "
        "intervals overlap, and measure both again."
    ),
    link="link",
    run="transport",
    best="best",
    worst="worst",
    frozen="frozen, %",
    frozen_means=(
        "the share of frames, 60 a second, for which nothing new enough had arrived, so that the "
        "picture stood still"
    ),
    stalls="stalls a minute",
    stalls_means="how often more than 125 ms passed between two snapshots that arrived",
    longest="longest freeze, ms",
    longest_means="the longest run of frozen frames",
    drawn="age when drawn, ms",
    drawn_means="how old the newest snapshot was at each frame; it grows while nothing comes",
    drawn_p95="its 95%, ms",
    drawn_p95_means="95% of the frames were no older than this",
    error="ball error",
    error_means=(
        "how far the drawn ball was from where it truly was at the time that was drawn, in units "
        "of the pitch; the ball's radius is {radius:g}"
    ),
    input="input to drawn, ms",
    input_means=(
        "from a change of the keys until a frame shows its effect: up, a tick of the server, "
        "down, and the wait in the buffer"
    ),
    rtt="RTT, ms",
    rtt_means=(
        "the median round trip of a ping. Look at how little it says about the columns before it"
    ),
    lost="lost, %",
    lost_means=(
        "snapshots that never came, or came after a newer one, counted up to the last that came: "
        "a price of UDP; for TCP, those that its sender left out because the link was behind"
    ),
    resent="resent",
    resent_means="how often TCP, or the transport itself, sent something again",
    busy=(
        "⚠ The computer was busy: on its own, without any link, it made snapshots {late_ms:.1f} "
        "ms old (the median). All figures of this link are worse than the link made them; close "
        "other programs and measure again."
    ),
    overview="All links at a glance",
    overview_means=(
        "A dot is the mean over the whole run, the bar its 95% interval. Where two bars overlap, "
        "this measurement alone does not say which is better. The age has a logarithmic scale."
    ),
    overview_frozen="share of time frozen, %",
    overview_drawn="age when drawn, ms",
    ages="Age over time",
    ages_means=(
        "How old the newest snapshot was: of 60 frames a second, the oldest in each stretch of "
        "time that the axis names (between two snapshots every picture ages a little). A stall "
        "is a peak with a slope before it, a millisecond for each millisecond, until something "
        "arrives: over TCP and WebSocket one lost packet holds back all that was sent behind it "
        "(head-of-line blocking), and then everything comes at once; over UDP the next snapshot "
        "comes as if nothing had happened. The strips below show when the picture stood still. "
        "Measured: frames are counted by the clock, not by what arrived, so that what does not "
        "come counts as long as it is missing."
    ),
    ages_axis="age when drawn, ms",
    ages_strip="frozen",
    time_axis="seconds",
    worst_of_each="worst of each {seconds:g} s",
    age_curve="How old snapshots were when they arrived",
    age_curve_means=(
        "Read it so: at an age on the x axis (logarithmic), the curve says which share of the "
        "snapshots that were due had arrived no older than this. A steep curve far left is good. "
        "Its tail is what TCP's resending costs. A curve that ends below 100% shows loss: UDP "
        "gives up what is lost, TCP brings everything, late. Measured: arrival, stamped by the "
        "network's thread, minus the server's stamp in the snapshot."
    ),
    age_curve_axis="age at arrival, ms",
    share_due_axis="% of the snapshots due",
    gap_curve="How far apart snapshots arrived",
    gap_curve_means=(
        "On a perfect link all gaps equal the sending interval, and the curve is a step there. "
        "Gaps near zero are bursts: snapshots that waited in TCP's queue behind a lost packet "
        "and came together. Double the interval means one lost over UDP. Beyond 125 ms we count "
        "a stall. Measured: time between the arrivals of successive snapshots; gaps below 0.1 ms "
        "are drawn at 0.1 ms, so that the logarithmic axis has an end."
    ),
    gap_curve_axis="time since the snapshot before, ms",
    share_arrived_axis="% of the arrivals",
    errors="Visual error over time",
    errors_means=(
        "How far the drawn ball was from the truth, in units of the pitch: this is what one "
        "sees. A peak of one transport is a ball that stood still while the true one flew, then "
        "jumped. Peaks that all transports share are the price of drawing between two snapshots: "
        "small where the ball bounced between them, and huge, for a single frame, where a goal "
        "put it back in the middle. The truth is the place at the time that was drawn, a little "
        "in the past for everybody. A freeze hurts only while the ball moves."
    ),
    errors_axis="distance, pitch units",
    bytes="Bytes a second",
    bytes_means=(
        "What each client sent up and received down: payload is what the game said, headers are "
        "what TCP, UDP, IP and WebSocket put around it (from IP up, counted by the transport). A "
        "game sends small messages often, so most of what goes up is headers. On Linux TCP's "
        "packets are counted by the kernel, bare acknowledgements among them: part of why its "
        "share of headers is larger. Over an emulated link these are the packets to the relay; "
        "what the model sent again is not among them."
    ),
    bytes_axis="bytes a second",
    bytes_up="{name}, up",
    bytes_down="{name}, down",
    payload="payload",
    headers="headers",
    course="The table that every course shows, measured",
    course_means=(
        "Round trips are counted through a relay that delays by 100 ms each way and loses "
        "nothing, where a round trip is so long that nothing else counts: first until the "
        "connection stands, then until the first picture, which needs the game's own greeting "
        "too. Header bytes are those of the messages that came down, on the average. All other "
        "figures are of the link named."
    ),
    connect="round trips to connect",
    first_snapshot="round trips to the first snapshot",
    header_bytes="header bytes a message",
    snapshots_lost="snapshots lost",
    out_of_order="snapshots out of order, dropped",
    sent_again="segments or messages sent again",
    median_and_p99="snapshot age, median / p99, ms",
    check="Does it agree with the link?",
    check_means=(
        "An instrument is to be doubted. The median age should be the emulated one-way delay "
        "plus what the computer itself adds, which a spectator without a link measures "
        "meanwhile; the median RTT twice the delay plus a little more. Over a link with loss the "
        "stream's values are larger, since part of them waited; with jitter that reorders, "
        "UDP's are smaller, since a snapshot that is overtaken is dropped and only the fast are "
        "counted. The share of packets lost is from the relay's own book, and should come near "
        "to what was asked for the more packets there were."
    ),
    check_delay="one-way delay emulated, ms",
    check_age="median age, ms",
    check_baseline="added by the computer, ms",
    check_rtt_expected="RTT emulated, ms",
    check_rtt="median RTT, ms",
    check_loss="loss asked for, %",
    check_packets_lost="packets lost down, %",
)

SPANISH = ReportTexts(
    language="es",
    title="Jitterball: una medición del lag",
    title_compared="Jitterball: {count} mediciones del lag, comparadas",
    contents="Contenido",
    no_scripts=(
        "Las gráficas las dibuja un script dentro de este archivo: permítelo en el navegador."
    ),
    setup="Qué se ejecutó",
    setup_means=(
        "En cada enlace todos los transportes jugaron el mismo partido a la vez, cada uno con un "
        "cliente sin pantalla conducido por un bot, de modo que vivieron el mismo momento del "
        "mismo ordenador. Los enlaces fueron uno tras otro. Todos los retardos y pérdidas de un "
        "enlace son de ida solamente."
    ),
    measurement="medición",
    started="comienzo",
    server="servidor",
    own_server="uno propio, en este ordenador",
    machine="ordenador",
    emulation="enlace emulado",
    emulation_none="ninguno: la red tal como es",
    emulation_model="un relé con un modelo del enlace y del TCP del núcleo sobre él",
    emulation_kernel="paquetes reales perdidos entre dos espacios de red del núcleo",
    duration="cada enlace duró",
    duration_value="{seconds} s",
    seed="semilla",
    bots="bots",
    snapshots="instantáneas",
    snapshots_value="{hz:g} por segundo, dibujadas {late:.0f} ms en el pasado",
    codec="códec",
    clock="reloj",
    clock_shared="cliente y servidor leen el mismo",
    clock_synchronised="el del servidor, estimado con pings (cota del error en results.json)",
    truth="el lugar verdadero del balón",
    truth_spectator="de un espectador al que ningún enlace frena",
    truth_later="de las instantáneas que llegaron después",
    headline="Las cifras que siente quien juega",
    headline_means=(
        "Tras una media va ± la mitad de su intervalo del 95%, estimado con diez bloques de "
        "tiempo: otra igual de larga habría dado otra media, casi siempre dentro de él. ▲ mejor "
        "y ▼ peor se marcan solo donde los intervalos del mejor y del peor no se solapan; donde "
        "no hay marca, esta medición no muestra ninguna diferencia. Una cifra sin intervalo (la "
        "congelación más larga, el percentil 95) nunca se marca: descansa en pocos momentos. «0 "
        "<9» significa: no se vio ninguno, y solo puede afirmarse que son menos de nueve."
    ),
    compared_means=(
        "Estas mediciones se hicieron una tras otra, así que entre dos de ellas pueden haber "
        "cambiado también el ordenador y la red. Por eso ▲ y ▼ se dan solo dentro de cada "
        "medición. Para creer una diferencia entre mediciones, mira si los intervalos se "
        "solapan, y mide ambas otra vez."
    ),
    link="enlace",
    run="transporte",
    best="mejor",
    worst="peor",
    frozen="congelado, %",
    frozen_means=(
        "la parte de los fotogramas, 60 por segundo, para los que no había llegado nada bastante "
        "nuevo, de modo que la imagen se quedó quieta"
    ),
    stalls="atascos por minuto",
    stalls_means="cuántas veces pasaron más de 125 ms entre dos instantáneas que llegaron",
    longest="congelación más larga, ms",
    longest_means="la serie más larga de fotogramas congelados",
    drawn="edad al dibujar, ms",
    drawn_means=(
        "la edad de la instantánea más nueva en cada fotograma; crece mientras no llega nada"
    ),
    drawn_p95="su 95%, ms",
    drawn_p95_means="el 95% de los fotogramas no pasaba de esta edad",
    error="error del balón",
    error_means=(
        "la distancia entre el balón dibujado y donde de verdad estaba en el tiempo dibujado, en "
        "unidades del campo; el radio del balón es {radius:g}"
    ),
    input="tecla a imagen, ms",
    input_means=(
        "desde que cambian las teclas hasta que un fotograma muestra el efecto: subir, un tick "
        "del servidor, bajar y la espera en el búfer"
    ),
    rtt="RTT, ms",
    rtt_means=(
        "la mediana de la ida y vuelta de un ping. Fíjate en lo poco que dice de las columnas "
        "anteriores"
    ),
    lost="perdidas, %",
    lost_means=(
        "instantáneas que no llegaron, o llegaron después de una más nueva, contadas hasta la "
        "última que llegó: el precio de UDP; en TCP, las que el emisor omitió porque el enlace "
        "iba atrasado"
    ),
    resent="reenvíos",
    resent_means="cuántas veces TCP, o el propio transporte, volvió a enviar algo",
    busy=(
        "⚠ El ordenador estaba ocupado: por sí solo, sin ningún enlace, hizo viejas de "
        "{late_ms:.1f} ms las instantáneas (la mediana). Todas las cifras de este enlace son "
        "peores de lo que las hizo el enlace; cierra otros programas y mide otra vez."
    ),
    overview="Todos los enlaces de un vistazo",
    overview_means=(
        "Un punto es la media de toda la medición, la barra su intervalo del 95%. Donde dos "
        "barras se solapan, esta medición sola no dice cuál es mejor. La edad va en escala "
        "logarítmica."
    ),
    overview_frozen="parte del tiempo congelada, %",
    overview_drawn="edad al dibujar, ms",
    ages="La edad a lo largo del tiempo",
    ages_means=(
        "La edad de la instantánea más nueva: de 60 fotogramas por segundo, el más viejo de cada "
        "tramo de tiempo que dice el eje (entre dos instantáneas toda imagen envejece un poco). "
        "Un atasco es un pico con una pendiente delante, un milisegundo por milisegundo, hasta "
        "que algo llega: con TCP y WebSocket un paquete perdido retiene todo lo que se envió "
        "detrás (bloqueo de cabeza de línea), y luego llega todo junto; con UDP la instantánea "
        "siguiente llega como si nada. Las franjas de abajo muestran cuándo la imagen estuvo "
        "quieta. Medido: los fotogramas los cuenta el reloj y no lo que llega, así que lo que no "
        "viene cuenta mientras falta."
    ),
    ages_axis="edad al dibujar, ms",
    ages_strip="congelado",
    time_axis="segundos",
    worst_of_each="peor de cada {seconds:g} s",
    age_curve="Qué edad tenían las instantáneas al llegar",
    age_curve_means=(
        "Se lee así: para una edad del eje x (logarítmico), la curva dice qué parte de las "
        "instantáneas esperadas había llegado sin pasar de esa edad. Una curva empinada y a la "
        "izquierda es buena. Su cola es lo que cuestan los reenvíos de TCP. Una curva que "
        "termina por debajo del 100% muestra pérdidas: UDP abandona lo perdido, TCP lo trae "
        "todo, tarde. Medido: la llegada, sellada por el hilo de red, menos el sello del "
        "servidor en la instantánea."
    ),
    age_curve_axis="edad al llegar, ms",
    share_due_axis="% de las instantáneas esperadas",
    gap_curve="Con qué separación llegaron las instantáneas",
    gap_curve_means=(
        "En un enlace perfecto todas las separaciones son el intervalo de envío, y la curva es "
        "un escalón. Las separaciones cercanas a cero son ráfagas: instantáneas que esperaban en "
        "la cola de TCP tras un paquete perdido y llegaron juntas. El doble del intervalo es "
        "una perdida con UDP. Por encima de 125 ms contamos un atasco. Medido: el tiempo entre "
        "las llegadas de instantáneas sucesivas; las separaciones menores de 0,1 ms se dibujan "
        "en 0,1 ms, para que el eje logarítmico tenga fin."
    ),
    gap_curve_axis="tiempo desde la instantánea anterior, ms",
    share_arrived_axis="% de las llegadas",
    errors="El error visual a lo largo del tiempo",
    errors_means=(
        "La distancia entre el balón dibujado y la verdad, en unidades del campo: esto es lo que "
        "se ve. Un pico de un solo transporte es un balón que se quedó quieto mientras el "
        "verdadero volaba, y luego saltó. Los picos que comparten todos son el precio de dibujar "
        "entre dos instantáneas: pequeños donde el balón rebotó entre ellas, y enormes, en un "
        "único fotograma, donde un gol lo devolvió al centro. La verdad es el lugar en el tiempo "
        "dibujado, un poco en el pasado para todos. Una congelación solo duele mientras el "
        "balón se mueve."
    ),
    errors_axis="distancia, unidades del campo",
    bytes="Bytes por segundo",
    bytes_means=(
        "Lo que cada cliente envió hacia arriba y recibió hacia abajo: la carga es lo que dijo "
        "el juego, las cabeceras lo que TCP, UDP, IP y WebSocket le ponen alrededor (desde IP, "
        "contado por el transporte). Un juego envía mensajes pequeños y muchos, así que casi "
        "todo lo que sube son cabeceras. En Linux los paquetes de TCP los cuenta el núcleo, "
        "también los simples acuses: en parte por eso sus cabeceras son más. En un enlace "
        "emulado son los paquetes hasta el relé; lo que el modelo reenvió no está entre ellos."
    ),
    bytes_axis="bytes por segundo",
    bytes_up="{name}, subida",
    bytes_down="{name}, bajada",
    payload="carga",
    headers="cabeceras",
    course="La tabla de todos los cursos, medida",
    course_means=(
        "Las idas y vueltas se cuentan a través de un relé que retrasa 100 ms en cada sentido y "
        "no pierde nada, donde una ida y vuelta es tan larga que lo demás no cuenta: primero "
        "hasta que la conexión está en pie, después hasta la primera imagen, que necesita además "
        "el saludo del juego. Los bytes de cabecera son los de los mensajes de bajada, de "
        "media. Las demás cifras son del enlace indicado."
    ),
    connect="idas y vueltas para conectar",
    first_snapshot="idas y vueltas hasta la primera instantánea",
    header_bytes="bytes de cabecera por mensaje",
    snapshots_lost="instantáneas perdidas",
    out_of_order="instantáneas desordenadas, descartadas",
    sent_again="segmentos o mensajes reenviados",
    median_and_p99="edad de la instantánea, mediana / p99, ms",
    check="¿Concuerda con el enlace?",
    check_means=(
        "De un instrumento hay que dudar. La edad mediana debería ser el retardo de ida emulado "
        "más lo que añade el propio ordenador, que un espectador sin enlace mide mientras tanto; "
        "la mediana del RTT, el doble del retardo y un poco más. En un enlace con pérdidas los "
        "valores del flujo son mayores, porque una parte esperó; con jitter que reordena, los de "
        "UDP son menores, porque una instantánea adelantada se descarta y solo cuentan las "
        "rápidas. La parte de paquetes perdidos sale del libro del propio relé, y debería "
        "acercarse a lo pedido cuantos más paquetes hubo."
    ),
    check_delay="retardo de ida emulado, ms",
    check_age="edad mediana, ms",
    check_baseline="añadido por el ordenador, ms",
    check_rtt_expected="RTT emulado, ms",
    check_rtt="RTT mediano, ms",
    check_loss="pérdida pedida, %",
    check_packets_lost="paquetes perdidos de bajada, %",
)

LANGUAGES = {"en": ENGLISH, "es": SPANISH}


def report_texts(language: str) -> ReportTexts:
    """Return the texts of a language code such as `es` or `es_AR.UTF-8`; English if unknown."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)
