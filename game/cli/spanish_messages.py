"""Spanish of what the command line prints, but for help texts, by the English templates.  [pure]

``{}`` stands for a value, which is translated too: an error may hold another error.
"""

from collections.abc import Mapping

from game.cli.spanish_data_messages import SPANISH_DATA_MESSAGES

SPANISH_MESSAGES: Mapping[str, str] = {
    # Lines made of other lines
    "{}: {}": "{}: {}",
    "{}; {}": "{}; {}",
    # Usage, and typer's own errors
    "Usage:": "Uso:",
    "[OPTIONS]": "[OPCIONES]",
    "COMMAND [ARGS]...": "COMANDO [ARGUMENTOS]...",
    "No such command {}.": "no hay ningún comando {}.",
    "No such command {}. Did you mean {}?": "no hay ningún comando {}. ¿Quizá {}?",
    "No such option: {}": "no hay ninguna opción {}",
    "No such option: {} Did you mean {}?": "no hay ninguna opción {}. ¿Quizá {}?",
    "No such option: {} (Possible options: {})": "no hay ninguna opción {} (posibles: {})",
    "Missing argument {}.": "falta el argumento {}.",
    "Missing option {}.": "falta la opción {}.",
    "Missing command.": "falta el comando.",
    "Option {} requires an argument.": "la opción {} necesita un valor.",
    "Option {} does not take a value.": "la opción {} no admite valor.",
    "Got unexpected extra argument ({})": "sobra un argumento ({})",
    "Got unexpected extra arguments ({})": "sobran argumentos ({})",
    "Got unexpected extra argument(s) ({})": "sobran argumentos ({})",
    "Invalid value for {}: {}": "valor no válido para {}: {}",
    "{} is not a valid integer.": "{} no es un número entero.",
    "{} is not a valid float.": "{} no es un número.",
    "no display here; without one these work: {}": ("aquí no hay pantalla; sin ella funcionan: {}"),
    "No such file or directory": "no existe el fichero o la carpeta",
    "Permission denied": "permiso denegado",
    "No space left on device": "no queda espacio en el disco",
    "File too large": "el fichero es demasiado grande",
    "Is a directory": "es una carpeta",
    "Not a directory": "no es una carpeta",
    "Read-only file system": "el disco no admite escritura",
    "{} is not one of {}.": "{} no es uno de {}.",
    "{} is not {} from {} to {}": "{} no es {} de {} a {}",
    "a whole number": "un número entero",
    "a number": "un número",
    "Directory {} does not exist.": "la carpeta {} no existe.",
    "File {} does not exist.": "el fichero {} no existe.",
    # Arguments
    "no texts in {}: there are {}": "no hay textos en {}: hay {}",
    "en and es": "en y es",
    "json and msgpack": "json y msgpack",
    "msgpack and json": "msgpack y json",
    "{} names {} transports: give one to four, as in {}": (
        "{} nombra {} transportes: indica de uno a cuatro, como en {}"
    ),
    "{} names no transport: give for instance tcp,udp,websocket": (
        "{} no nombra ningún transporte: indica por ejemplo tcp,udp,websocket"
    ),
    "{} names a transport twice: give each once": (
        "{} nombra un transporte dos veces: indica cada uno una vez"
    ),
    "--lost {}: of {} snapshots the last is number {}": (
        "--lost {}: de {} snapshots el último es el número {}"
    ),
    "cannot write {}: {}": "no se puede escribir {}: {}",
    "wrote {}": "escrito {}",
    "--link is missing: give one, as in --link lossy; see jitterball links": (
        "falta --link: indica uno, como --link lossy; véase jitterball links"
    ),
    "{} See: jitterball links": "{} Véase: jitterball links",
    "a command runs with --kernel only; a relay needs --listen and --to": (
        "un comando solo se ejecuta con --kernel; un relé necesita --listen y --to"
    ),
    "a relay needs both ends: --listen PORT --to HOST:PORT": (
        "un relé necesita los dos extremos: --listen PORT --to HOST:PORT"
    ),
    "TCP and UDP": "TCP y UDP",
    "relaying {} from {} to {}; Ctrl-C ends it": "relé de {} desde {} hasta {}; Ctrl-C lo termina",
    "{} has no port: give HOST:PORT": "{} no tiene puerto: indica HOST:PORT",
    "{} is not a port: a port is a number from 0 to {}": (
        "{} no es un puerto: un puerto es un número de 0 a {}"
    ),
    "{} in {} is no port: a port is a number from 1 to {}": (
        "{} en {} no es un puerto: un puerto es un número de 1 a {}"
    ),
    "{} is no address: an IPv6 with a port looks like [::1]:7777": (
        "{} no es una dirección: una IPv6 con puerto se escribe [::1]:7777"
    ),
    "{} is no address: give a host, or HOST:PORT as 192.168.1.38:7777": (
        "{} no es una dirección: indica un host, o HOST:PORT como 192.168.1.38:7777"
    ),
    "--pcap needs a relay: with --kernel, capture with tcpdump instead": (
        "--pcap necesita un relé: con --kernel, captura con tcpdump"
    ),
    "--slow-motion is for the --screenshot: give --screenshot too": (
        "--slow-motion es para --screenshot: indica también --screenshot"
    ),
    "--pcap needs an emulated link: give --link, as in --link lossy": (
        "--pcap necesita un enlace emulado: indica --link, como --link lossy"
    ),
    "--pcap needs an emulated link: give --link, and not --kernel": (
        "--pcap necesita un enlace emulado: indica --link, y no --kernel"
    ),
    "the capture {} ended early: {}": "la captura {} terminó antes de tiempo: {}",
    "--pcap {} cannot be written: {}": "--pcap {} no se puede escribir: {}",
    "{}: the capture is in the format pcapng, so end its name in {}": (
        "{}: la captura tiene el formato pcapng, así que termina su nombre en {}"
    ),
    "--kernel runs a command over the link: give it after --": (
        "--kernel ejecuta un comando por el enlace: indícalo tras --"
    ),
    "--kernel needs its own links: give --link, and no HOST": (
        "--kernel necesita enlaces propios: indica --link, y ningún HOST"
    ),
    "{}; choose another with --listen": "{}; elige otro con --listen",
    "{}; choose another with --port": "{}; elige otro con --port",
    "no free ports were found in {} attempts: choose one with --port": (
        "no se encontraron puertos libres en {} intentos: elige uno con --port"
    ),
    "jitterball: cannot run {}: {}": "jitterball: no se puede ejecutar {}: {}",
    "{} exists: name a new folder, such as {}": "{} existe: nombra una carpeta nueva, como {}",
    "{} cannot be written: {}": "{} no se puede escribir: {}",
    "{} cannot be read: {}": "{} no se puede leer: {}",
    "{} is not a text file in UTF-8": "{} no es un fichero de texto en UTF-8",
    "--out {} cannot be created: {}": "--out {} no se puede crear: {}",
    "--link {} is given twice: give it once, with more --seconds": (
        "--link {} está dos veces: indícalo una vez, con más --seconds"
    ),
    "{} is no name: give printable characters": (
        "{} no es un nombre: indica caracteres imprimibles"
    ),
    "{} is no name for a room: give 1 to {} printable characters": (
        "{} no es un nombre de sala: indica de 1 a {} caracteres imprimibles"
    ),
    "{} is no name for a room: give at most {} printable characters": (
        "{} no es un nombre de sala: indica como mucho {} caracteres imprimibles"
    ),
    "--log-wire {}: no player has this name; give 1 to {} printable characters": (
        "--log-wire {}: ningún jugador se llama así; indica de 1 a {} caracteres imprimibles"
    ),
    "this needs matplotlib, which is not installed: python -m pip install matplotlib": (
        "esto necesita matplotlib, que no está instalado: python -m pip install matplotlib"
    ),
    "{} is a file: unpack it and name its folder": (
        "{} es un fichero: descomprímelo e indica su carpeta"
    ),
    "{} is a file: name its folder, {}": "{} es un fichero: indica su carpeta, {}",
    "{} is a file: {}": "{} es un fichero: {}",
    "a folder is named twice: give each folder once": (
        "una carpeta está dos veces: indica cada carpeta una vez"
    ),
    "{}: has the results of a class; give this folder alone": (
        "{}: tiene los resultados de una clase; indica solo esta carpeta"
    ),
    "{}: has the results of a class, whose report has no pictures": (
        "{}: tiene los resultados de una clase, cuyo informe no tiene imágenes"
    ),
    "give --password or --password-file, not both": (
        "indica --password o --password-file, no ambos"
    ),
    "jitterball: first time at {}: its certificate is trusted from now on; the server should print "
    "the same fingerprint: {}": (
        "jitterball: primera vez en {}: desde ahora se confía en su certificado; el servidor debe "
        "mostrar la misma huella: {}"
    ),
    "{} shows another certificate than before, {} instead of {}: ask its host for the fingerprint "
    "and give --fingerprint, or delete {} in {}": (
        "{} muestra otro certificado que antes, {} en lugar de {}: pide la huella a su anfitrión e "
        "indícala con --fingerprint, o borra {} en {}"
    ),
    "QUIC needs the package aioquic: pip install 'jitterball[quic]'": (
        "QUIC necesita el paquete aioquic: pip install 'jitterball[quic]'"
    ),
    "nothing": "nada",
    "{} is for QUIC: name it among the transports": (
        "{} es para QUIC: nómbralo entre los transportes"
    ),
    "jitterball: the keys are written to {}: who has this file can read everything that was sent": (
        "jitterball: las claves se escriben en {}: quien tenga ese fichero puede leer todo lo "
        "enviado"
    ),
    "--tls-cert and --tls-key belong together: give both": (
        "--tls-cert y --tls-key van juntos: indica ambos"
    ),
    "give --tls-cert and --tls-key, or --tls-self-signed, not both": (
        "indica --tls-cert y --tls-key, o --tls-self-signed, no ambos"
    ),
    "no codec {}: there are {}": "no hay códec {}: hay {}",
    "{}; name it with --room": "{}; nómbrala con --room",
    "{} is no SHA-256 fingerprint: give the 64 hex digits that the server printed": (
        "{} no es una huella SHA-256: indica las 64 cifras hexadecimales que mostró el servidor"
    ),
    "Password for {}: ": "Contraseña para {}: ",
    "Password for this server: ": "Contraseña de este servidor: ",
    "Once more: ": "Otra vez: ",
    "jitterball: {}": "jitterball: {}",
    "jitterball: other users of this computer can see --password in the list of processes; "
    "they cannot see --password-file and {}": (
        "jitterball: otros usuarios de este ordenador pueden ver --password en la lista de "
        "procesos; no pueden ver --password-file ni {}"
    ),
    "--password asks at a terminal, and there is none: give --password-file FILE or set {}": (
        "--password pregunta en una terminal, y no hay: indica --password-file FILE o define {}"
    ),
    "the two passwords are different: start again": (
        "las dos contraseñas son distintas: empieza de nuevo"
    ),
    "{} has no password: give at least one character": (
        "{} no tiene contraseña: indica al menos un carácter"
    ),
    "no password was given": "no se indicó ninguna contraseña",
    "--password, --password-file, --tls and --fingerprint need a server: give its HOST, or leave "
    "them out": (
        "--password, --password-file, --tls y --fingerprint necesitan un servidor: indica su "
        "HOST, o quítalos"
    ),
    "--room is for another computer's server: give its HOST": (
        "--room es para el servidor de otro ordenador: indica su HOST"
    ),
    "--sntp-port: {}": "--sntp-port: {}",
    "--http-port: {}": "--http-port: {}",
    "port {} is too large: {} uses port {} + {}; give at most {}": (
        "el puerto {} es demasiado grande: {} usa el puerto {} + {}; indica como mucho {}"
    ),
    "give --http-port or --no-http, not both": "indica --http-port o --no-http, no ambos",
    "with --http-port give --port too: the page must know the port of the game": (
        "con --http-port indica también --port: la página debe conocer el puerto del juego"
    ),
    "{}: the picture is a PNG, so end its name in .png": (
        "{}: la imagen es un PNG, así que termina su nombre en .png"
    ),
    "{}: there is no folder {} to write to": "{}: no hay carpeta {} en la que escribir",
    "{}: there is no folder {} to create it in": "{}: no hay carpeta {} en la que crearla",
    "{}: a film ends in .mp4 or .gif, a folder of PNGs has no ending": (
        "{}: una película termina en .mp4 o .gif; una carpeta de PNG no lleva extensión"
    ),
    "{} is a file: name a folder, or a film ending in .mp4": (
        "{} es un fichero: indica una carpeta, o una película que termine en .mp4"
    ),
    "{} is a folder: name the file of the film": (
        "{} es una carpeta: indica el fichero de la película"
    ),
    "{} is a lesson": "{} es una lección",
    "no lesson {}: give a number from 1 to {}, or a file that ends in .toml": (
        "no hay lección {}: indica un número de 1 a {}, o un fichero que termine en .toml"
    ),
    "films need PyAV, which is not installed: python -m pip install av": (
        "las películas necesitan PyAV, que no está instalado: python -m pip install av"
    ),
    "the film ends after {} s": "la película termina a los {} s",
    "the recording has {} pictures": "la grabación tiene {} imágenes",
    "--size {}: write it like 1280x720": "--size {}: escríbelo como 1280x720",
    "--size {}: each side must have {} to {} pixels": (
        "--size {}: cada lado debe tener de {} a {} píxeles"
    ),
    "--screenshot saves the last of the --frames: give --frames too": (
        "--screenshot guarda el último de los --frames: indica también --frames"
    ),
    "--record DIR saves half of the --frames: give --frames too": (
        "--record CARPETA guarda la mitad de los --frames: indica también --frames"
    ),
    # Recordings
    "record needs a server, or --from FILE: give one of them": (
        "record necesita un servidor, o --from FICHERO: indica uno de los dos"
    ),
    "--from {}: {}": "--from {}: {}",
    "{}: delays differ for at most {}% of the probes": (
        "{}: los retardos difieren como mucho en el {} % de las sondas"
    ),
    "{}: {}% lost (95%: {} to {}%), longest hole {} ms": (
        "{}: {} % perdido (95 %: de {} a {} %), el hueco más largo {} ms"
    ),
    "burst is for 60 packets a second; a SPEC has no holes and no changes in time": (
        "burst vale para 60 paquetes por segundo; un SPEC no tiene huecos ni cambia con el tiempo"
    ),
    "rate is the mean of the recorded ones": "rate es la media de los grabados",
    "the rate is not known: light traffic never filled the path": (
        "el caudal no se conoce: un tráfico ligero no llenó nunca el camino"
    ),
    "{}: {} s, {}": "{}: {} s, {}",
    "{} to {} {}": "de {} a {} {}",
    "x: more than half was lost": "x: se perdió más de la mitad",
    "clocks known to {} ms, if both directions have the same least delay; at worst {} ms": (
        "relojes conocidos a {} ms, si ambos sentidos tienen el mismo retardo mínimo; "
        "en el peor caso {} ms"
    ),
    "99% of the probes left within {} ms (here) and {} ms (server) of their time": (
        "el 99 % de las sondas salió a menos de {} ms (aquí) y {} ms (servidor) de su momento"
    ),
    "It knows the delay and loss of light traffic at that time and place. It does not know what "
    "more traffic would have done: no queue fills because of the game that is played over it.": (
        "Conoce el retardo y la pérdida de un tráfico ligero en ese momento y lugar. No sabe qué "
        "habría hecho más tráfico: ninguna cola se llena por el partido que se juega sobre ella."
    ),
    "It knows round trips: each direction has half of one. It does not know in which direction a "
    "packet was lost: single losses are given to both in turn, longer runs to both. It does not "
    "know what more traffic would have done.": (
        "Conoce viajes de ida y vuelta: cada sentido tiene la mitad de uno. No sabe en qué sentido "
        "se perdió un paquete: las pérdidas sueltas van a uno y otro por turnos, las rachas a "
        "ambos. No sabe qué habría hecho más tráfico."
    ),
    "It knows the delay and loss of light traffic in each direction. It does not know what more "
    "traffic would have done.": (
        "Conoce el retardo y la pérdida de un tráfico ligero en cada sentido. No sabe qué habría "
        "hecho más tráfico."
    ),
    "It knows when the path could carry how much, not its delay and loss: add them, as in "
    "delay=20ms,loss=1%. The queue is that of --link: add queue=1s for one of a mobile network.": (
        "Sabe cuánto podía llevar el camino en cada momento, no su retardo ni su pérdida: "
        "añádelos, como en delay=20ms,loss=1%. La cola es la de --link: añade queue=1s para una "
        "de red móvil."
    ),
    "there are less than two replies of ping -D in it": (
        "tiene menos de dos respuestas de ping -D"
    ),
    "it is neither a recorded link nor a result of irtt": (
        "no es ni un enlace grabado ni un resultado de irtt"
    ),
    "line {}: {} is no line of ping -D": "línea {}: {} no es una línea de ping -D",
    "line {}: {} is no line of ping -D; use ping -D": (
        "línea {}: {} no es una línea de ping -D; usa ping -D"
    ),
    "line {}: {} is no whole number of milliseconds": (
        "línea {}: {} no es un número entero de milisegundos"
    ),
    "line {}: {} is earlier than the line before": "línea {}: {} es anterior a la línea de antes",
    "it is {} s long, more than {}": "dura {} s, más de {}",
    "probes": "sondas",
    "mean run": "racha media",
    "mean rate": "caudal medio",
    "longest hole": "hueco más largo",
    "doubled": "duplicadas",
    "reordered": "desordenadas",
    "least delay": "retardo mínimo",
    "median": "mediana",
    "{} probes a second for {} s are more than {}; give a lower --rate or fewer --seconds": (
        "{} sondas por segundo en {} s son más de {}; indica menos --rate o menos --seconds"
    ),
    "play on it: jitterball play --link {}": "para jugar en él: jitterball play --link {}",
    "lost the server: {}": "se perdió el servidor: {}",
    "nothing was recorded: {}": "no se grabó nada: {}",
    "no probe arrived in one of the directions": "en uno de los sentidos no llegó ninguna sonda",
    "no second has a probe that arrived in each direction": (
        "en ningún segundo llegó una sonda en cada sentido"
    ),
    "--out {}: a recording's name ends with .json, as in room{}": (
        "--out {}: el nombre de una grabación acaba en .json, como room{}"
    ),
    "--out {}: the file exists already; choose another name": (
        "--out {}: el fichero ya existe; elige otro nombre"
    ),
    "--out {}: the folder does not exist": "--out {}: la carpeta no existe",
    "the server lets nobody record: it needs jitterball serve --allow-record": (
        "el servidor no deja grabar: necesita jitterball serve --allow-record"
    ),
    "too many record from this server already; try again in a minute": (
        "ya graban demasiados desde este servidor; prueba en un minuto"
    ),
    "the server does not send so much; try a lower --rate": (
        "el servidor no envía tanto; prueba con menos --rate"
    ),
    # Links
    "{} has an empty part; write it like lossy or delay=25ms,loss=5%": (
        "{} tiene una parte vacía; escríbelo como lossy o delay=25ms,loss=5%"
    ),
    "{} has no value; did you mean something like {}?": "{} no tiene valor; ¿quizá algo como {}?",
    "{} is a preset and comes first, as in {},loss=5%": (
        "{} es un perfil y va primero, como en {},loss=5%"
    ),
    "there is no link {}; did you mean {}?": "no hay enlace {}; ¿quizá {}?",
    "{} needs a recording, as in room.link.json,start=30s,loop": (
        "{} necesita una grabación, como en room.link.json,start=30s,loop"
    ),
    "start={} is after the end: the recording has {} s": (
        "start={} es después del final: la grabación tiene {} s"
    ),
    "it is empty": "está vacío",
    "it is longer than {} MiB": "tiene más de {} MiB",
    "it is no text in UTF-8": "no es texto en UTF-8",
    "cannot be read: {}": "no se puede leer: {}",
    "it is no recorded link; jitterball record makes one": (
        "no es un enlace grabado; jitterball record hace uno"
    ),
    "{} probes are more than {}": "{} sondas son más de {}",
    "there is neither a probe nor a rate": "no hay ni sondas ni caudales",
    "delay_s: every probe was lost, so there is no delay": (
        "delay_s: se perdieron todas las sondas, así que no hay retardo"
    ),
    "rate_bps: every rate is 0, so no packet would ever arrive": (
        "rate_bps: todos los caudales son 0, así que no llegaría ningún paquete"
    ),
    "{}: {} is earlier than the one before": "{}: {} es anterior al de antes",
    "{}: {} s is after the end at {} s": "{}: {} s es después del final, a los {} s",
    "there is no direction {}; did you mean {}?": "no hay sentido {}; ¿quizá {}?",
    "there is no {}; did you mean {}, as in {}?": "no hay {}; ¿quizá {}, como en {}?",
    "{}={} is beyond anything; write it like {}": "{}={} es desmesurado; escríbelo como {}",
    "{}={} is less than nothing; write it like {}": "{}={} es negativo; escríbelo como {}",
    "{}={} is more than 100%; did you mean {}?": "{}={} es más del 100 %; ¿quizá {}?",
    "{}={} is more than {} s; as in {}": "{}={} es más de {} s; como en {}",
    "{}={} is no number; write it like {}": "{}={} no es un número; escríbelo como {}",
    "{}={} is shorter than one packet; write it like {}": (
        "{}={} es menos que un paquete; escríbelo como {}"
    ),
    "{}={} is unknown; did you mean {}={}?": "{}={} no se conoce; ¿quizá {}={}?",
    "{}={} lets nothing through; write rate=none for no limit": (
        "{}={} no deja pasar nada; escribe rate=none para no limitar"
    ),
    "{}={} lacks a unit; write one of {}, as in {}": (
        "{}={} no tiene unidad; escribe una de {}, como en {}"
    ),
    "{}={} has no unit {}; write one of {}, as in {}": (
        "{}={} no admite la unidad {}; escribe una de {}, como en {}"
    ),
    # Starting and connecting
    "the private server could not start: {}": "el servidor propio no pudo arrancar: {}",
    "the relay for --link could not start: {}": "el relé de --link no pudo arrancar: {}",
    "it ended with code {}": "terminó con el código {}",
    "found no server at {}: {}": "no se encontró servidor en {}: {}",
    "no answer: {}": "sin respuesta: {}",
    "no answer yet": "sin respuesta todavía",
    "no answer yet over {}": "sin respuesta todavía por {}",
    "no answer within {} s": "sin respuesta en {} s",
    "no ping was answered": "no se respondió a ningún ping",
    "no answer was timed": "no se midió el tiempo de ninguna respuesta",
    "no transport got an answer from {}: is a server there?": (
        "ningún transporte recibió respuesta de {}: ¿hay ahí un servidor?"
    ),
    "no data over {} on link {}: {}": "sin datos por {} en el enlace {}: {}",
    "no snapshot came": "no llegó ningún snapshot",
    "looking up {}: no answer yet": "buscando {}: sin respuesta todavía",
    "no answer yet over {}, but {}": "sin respuesta todavía por {}, pero {}",
    "{} answers": "{} responde",
    "{} and {} answer": "{} y {} responden",
    "{} silent, {}: a firewall?": "{} en silencio, {}: ¿un cortafuegos?",
    "the server answers over {}, but the {} takes long": (
        "el servidor responde por {}, pero {} tarda mucho"
    ),
    "the server answers over {}, but the hello takes long": (
        "el servidor responde por {}, pero el saludo tarda mucho"
    ),
    "the server answers over {}, but the handshake takes long": (
        "el servidor responde por {}, pero la apertura tarda mucho"
    ),
    "TLS handshake": "el saludo de TLS",
    "{}: trying again": "{}: se intenta otra vez",
    "nobody listens at {}": "nadie escucha en {}",
    "nobody listens at {} over {}": "nadie escucha en {} por {}",
    "nobody listens at {} over {}, but {}": "nadie escucha en {} por {}, pero {}",
    "{} gives no answer within {} s over {}": "{} no responde en {} s por {}",
    "{} gives no answer within {} s over {}, but {}": "{} no responde en {} s por {}, pero {}",
    "cannot connect to {}: {}": "no se puede conectar con {}: {}",
    "cannot listen on {}: {}": "no se puede escuchar en {}: {}",
    "port {} is in use by another program": "otro programa usa el puerto {}",
    "no port follows {}": "ningún puerto sigue a {}",
    "{} is no address of this computer": "{} no es una dirección de este ordenador",
    "no host is called {}": "ningún host se llama {}",
    "the look-up of {} failed: no name server answers": (
        "la búsqueda de {} falló: no responde ningún servidor de nombres"
    ),
    "the look-up of {} takes over {} s": "la búsqueda de {} tarda más de {} s",
    "{} gives no answer within {} s": "{} no responde en {} s",
    "{} gives no answer ({})": "{} no responde ({})",
    "{} no longer answers ({})": "{} ya no responde ({})",
    "{} cut the connection": "{} cortó la conexión",
    "the connection was cut": "se cortó la conexión",
    "the connection to {} broke: {}": "la conexión con {} se rompió: {}",
    "{} closed the connection ({})": "{} cerró la conexión ({})",
    "{} closed the channel: {}": "{} cerró el canal: {}",
    "{} ended without closing the channel": "{} terminó sin cerrar el canal",
    "{} does not answer the hello": "{} no responde al saludo",
    "{} does not finish the TLS handshake": "{} no termina el saludo de TLS",
    "no TLS with {}: {}": "sin TLS con {}: {}",
    "{} speaks TLS only: try --tls": "{} solo habla TLS: prueba --tls",
    "it speaks no TLS{}": "no habla TLS{}",
    "; without --tls others can read everything": "; sin --tls otros pueden leerlo todo",
    "{} has no TLS: give --transport tcp, or no --tls": (
        "{} no tiene TLS: indica --transport tcp, o quita --tls"
    ),
    "its certificate is not trusted ({}); one that a host made for itself needs its "
    "--fingerprint": (
        "su certificado no es de confianza ({}); el que un host hizo para sí necesita su "
        "--fingerprint"
    ),
    "its certificate's fingerprint begins {}, the one given begins {}: another server, or a new "
    "certificate": (
        "la huella de su certificado empieza por {}, la indicada por {}: otro servidor, o un "
        "certificado nuevo"
    ),
    "the certificate and its key cannot be used: {}": (
        "el certificado y su clave no se pueden usar: {}"
    ),
    "the key is encrypted: give one that is not": "la clave está cifrada: indica una que no",
    "no certificate in PEM": "no hay certificado en PEM",
    "the WebSocket handshake was not answered": "no se respondió al saludo de WebSocket",
    "no transport {}: {}": "no hay transporte {}: {}",
    "did you mean {}?": "¿quizá {}?",
    "installed are {}": "están instalados {}",
    "transport {} ({}) cannot be loaded: {}": "el transporte {} ({}) no se puede cargar: {}",
    "transport {} ({}) is no net.Transport": "el transporte {} ({}) no es un net.Transport",
    # Refusals
    "the server refused: {}": "el servidor rechazó: {}",
    "{}; to watch the match: jitterball play {} --watch": (
        "{}; para ver el partido: jitterball play {} --watch"
    ),
    "no room is called {} here: there are {}": "aquí ninguna sala se llama {}: hay {}",
    "there are {} rooms already: choose one of them": "ya hay {} salas: elige una de ellas",
    "too many players have just left: try again in a few seconds": (
        "acaban de salir demasiados jugadores: prueba otra vez en unos segundos"
    ),
    "this server asks for a password": "este servidor pide una contraseña",
    "that is not the password of this server": "esa no es la contraseña de este servidor",
    "too many wrong passwords: try again in {} s": (
        "demasiadas contraseñas equivocadas: prueba otra vez en {} s"
    ),
    "this server asks for no password: is it the one you mean? Then give none": (
        "este servidor no pide contraseña: ¿es el que quieres? Entonces no indiques ninguna"
    ),
    "this server does not know the password: it is not the one you mean": (
        "este servidor no conoce la contraseña: no es el que quieres"
    ),
    "the server does not encrypt here: is it the one you mean?": (
        "el servidor no cifra aquí: ¿es el que quieres?"
    ),
    "the server speaks version {} and the client {}: update the server": (
        "el servidor habla la versión {} y el cliente la {}: actualiza el servidor"
    ),
    "the server speaks version {} and the client {}: update the client": (
        "el servidor habla la versión {} y el cliente la {}: actualiza el cliente"
    ),
    "the server has {} connections already": "el servidor ya tiene {} conexiones",
    "your address has {} connections already": "tu dirección ya tiene {} conexiones",
    "more than {} attempts a second from your address": (
        "más de {} intentos por segundo desde tu dirección"
    ),
    "no such room is open: a reference opens none": (
        "esa sala no está abierta: una referencia no abre ninguna"
    ),
    "the teacher has sent you out": "el docente te ha expulsado",
    "too many messages a second": "demasiados mensajes por segundo",
    "the room was closed": "la sala se cerró",
    "the server was closed": "el servidor se cerró",
    # Requests to a room that were refused
    "this server has no chat": "este servidor no tiene chat",
    "only the teacher stops this match": "solo el docente para este partido",
    "only {} stops this match": "solo {} puede parar este partido",
    "only the teacher sets length, goal limit and pitch": (
        "solo el docente fija la duración, los goles máximos y el campo"
    ),
    "only {} sets length, goal limit and pitch": (
        "solo {} puede fijar la duración, los goles máximos y el campo"
    ),
    "give a number from {} to {}": "indica un número de {} a {}",
    "the server closed the channel": "el servidor cerró el canal",
    "no message for {} s": "ningún mensaje en {} s",
    # The kernel's links
    "a kernel link needs Linux; this is {}": "un enlace del núcleo necesita Linux; esto es {}",
    "a kernel link needs the command `ip` (package iproute2)": (
        "un enlace del núcleo necesita el comando `ip` (paquete iproute2)"
    ),
    "a kernel link makes network namespaces, which needs root: try sudo": (
        "un enlace del núcleo crea espacios de nombres de red, lo que necesita root: prueba sudo"
    ),
    "a kernel link needs {}: {}": "un enlace del núcleo necesita {}: {}",
    "try `modprobe tun`": "prueba `modprobe tun`",
    # Files that are read
    "{}: is missing": "{}: falta",
    "{}: unknown field": "{}: campo desconocido",
    "{}: has no runs": "{}: no tiene mediciones",
    "{}: is no text in UTF-8": "{}: no es texto en UTF-8",
    "{}: {} is not one of {}": "{}: {} no es uno de {}",
    "version: {} is not {}": "version: {} no es {}",
    "{} is not a number": "{} no es un número",
    # measure and compare
    "no display: showing a table instead": "no hay pantalla: se muestra una tabla",
    "measuring": "midiendo",
    "measuring over the kernel's TCP:": "midiendo por el TCP del núcleo:",
    "{} {} at once, {} s ({} of {}): {}": "{} {} a la vez, {} s ({} de {}): {}",
    "starting a private server": "arrancando un servidor propio",
    "making a link of two network namespaces": "creando un enlace de dos espacios de nombres",
    "counting the round trips to connect": "contando las idas y vueltas al conectar",
    "joining": "entrando",
    "warming up": "calentando",
    "recording": "grabando",
    "written to {}": "escrito en {}",
    "written to {}; Wireshark loads it when it starts": (
        "escrito en {}; Wireshark lo carga al arrancar"
    ),
    "--folder needs --install": "--folder necesita --install",
    "lost the server at {}: {}": "se perdió el servidor en {}: {}",
    "report in {}": "informe en {}",
    "report in {} and {} pictures beside it": "informe en {} y {} imágenes a su lado",
    "interrupted: {}": "interrumpido: {}",
    "the data until then was kept": "se guardaron los datos hasta entonces",
    "there was no data yet": "no había datos todavía",
    "the links measured before are in {}": "los enlaces ya medidos están en {}",
    "not every run gave data": "no todas las mediciones dieron datos",
    "ended before there was any data": "terminó antes de tener datos",
    "this program did not run for {} s, because it was stopped or the computer was suspended; {}": (
        "este programa no corrió durante {} s, porque se detuvo o el ordenador se suspendió; {}"
    ),
    "that stall is not the link's: measure again": "esa parada no es del enlace: mide otra vez",
    "the recording leaves this time out": "la grabación omite ese tiempo",
    "this computer was busy: without any link a snapshot took {} ms (normal is 0.3 ms); close "
    "other programs and measure again": (
        "este ordenador estaba ocupado: sin enlace un snapshot tardó {} ms (lo normal es 0,3 ms); "
        "cierra otros programas y mide otra vez"
    ),
    "jitterball: standard output cannot be written: {}": (
        "jitterball: no se puede escribir en la salida estándar: {}"
    ),
    "the last minute; age over the last 3 s": "el último minuto; edad en los últimos 3 s",
    "{}, {} s per link, {} snapshots/s, interpolation delay {} ms, seed {}": (
        "{}, {} s por enlace, {} snapshots/s, retardo de interpolación {} ms, semilla {}"
    ),
    "a private server": "un servidor propio",
    "the private server": "el servidor propio",
    "{} lost its connection on {} ({} in all, {} s without one): this time is in no figure "
    "above.": (
        "{} perdió la conexión en {} ({} en total, {} s sin ella): ese tiempo no está en las "
        "cifras de arriba."
    ),
    "Times in milliseconds. Ball error in pitch units (the ball's radius is {}). RTT and input to "
    "drawn are medians; age, frozen and ball error are means with ± half of the 95% interval.": (
        "Tiempos en milisegundos. Error del balón en unidades del campo (el radio del balón es "
        "{}). RTT y de tecla a imagen son medianas; edad, congelado y error son medias con ± la "
        "mitad del intervalo del 95 %."
    ),
    "measured on link {}": "medido en el enlace {}",
    # Headings and cells
    "transport": "transporte",
    "snapshot age": "edad del snapshot",
    "frozen": "congelado",
    "stalls": "paradas",
    "lost on wire": "perdido en la red",
    "never shown": "nunca visto",
    "resent": "reenviado",
    "age": "edad",
    "age p95": "edad p95",
    "jitter": "fluctuación",
    "ball off": "error del balón",
    "down": "bajada",
    "up": "subida",
    "link": "enlace",
    "frozen %": "congelado %",
    "longest\nfreeze": "congelado\nmás largo",
    "stalls\nper min": "paradas\npor min",
    "drawn\np95": "dibujado\np95",
    "ball\nerror": "error del\nbalón",
    "input\nto drawn": "tecla a\nimagen",
    "age\np95": "edad\np95",
    "lost": "perdido",
    "kB/s\nup/down": "kB/s\nsubida/bajada",
    "round trips to connect": "idas y vueltas al conectar",
    "round trips to the first snapshot": "idas y vueltas al primer snapshot",
    "header bytes per message": "bytes de cabecera por mensaje",
    "a lost packet": "un paquete perdido",
    "resent until acknowledged": "reenviado hasta confirmarse",
    "snapshots lost": "snapshots perdidos",
    "snapshots out of order, discarded": "snapshots desordenados, descartados",
    "segments or messages resent": "segmentos o mensajes reenviados",
    "snapshot age, median / p99": "edad del snapshot, mediana / p99",
    "picture frozen": "imagen congelada",
    "events": "eventos",
    "everything": "todo",
    " of ": " de ",
    "delays later data": "retrasa lo siguiente",
    "delays nothing else": "no retrasa nada más",
    "Transports": "Transportes",
    "name": "nombre",
    "from": "origen",
    "header": "cabecera",
    "port": "puerto",
    "readable on the wire": "legible en la red",
    "summary": "resumen",
    "built in": "incluido",
    "may be lost": "puede perderse",
    "arrives": "llega",
    "all": "todo",
    "all, unless {}": "todo, salvo con {}",
    "a password is set": "contraseña",
    "a password is set or --tls": "contraseña o --tls",
    "broken: {}": "roto: {}",
    "everything arrives, in order; one lost segment delays all that follow": (
        "todo llega, en orden; un segmento perdido retrasa los siguientes"
    ),
    "as UDP, always encrypted; RELIABLE messages are a stream of their own": (
        "como UDP, siempre cifrado; los mensajes RELIABLE son un flujo aparte"
    ),
    "LATEST messages may be lost and never wait; RELIABLE ones are retransmitted": (
        "los mensajes LATEST pueden perderse y nunca esperan; los RELIABLE se reenvían"
    ),
    "as TCP, and passes through firewalls and proxies that allow web pages": (
        "como TCP, y pasa por cortafuegos y proxies que permiten páginas web"
    ),
    "Links, one-way": "Enlaces, por sentido",
    "direction": "sentido",
    "each way": "cada uno",
    "delay": "retardo",
    "loss": "pérdida",
    "burst": "ráfaga",
    "rate": "caudal",
    "queue": "cola",
    "One value changed: --link wifi,loss=10%  One direction: --link lossy,up.loss=0%": (
        "Un valor cambiado: --link wifi,loss=10%  Un sentido: --link lossy,up.loss=0%"
    ),
    "link {}, {} s each, seed {}": "enlace {}, {} s cada uno, semilla {}",
    "statistic": "estadístico",
    "model": "modelo",
    "kernel": "núcleo",
    "tolerance": "tolerancia",
    "result": "resultado",
    "agree": "coinciden",
    "agree: 95% intervals meet": "coinciden: los intervalos del 95 % se tocan",
    "DIFFER": "DIFIEREN",
    "snapshot age, mean, ms": "edad del snapshot, media, ms",
    "snapshot age, p50, ms": "edad del snapshot, p50, ms",
    "snapshot age, p90, ms": "edad del snapshot, p90, ms",
    "age when drawn, mean, ms": "edad al dibujar, media, ms",
    "stalls per minute": "paradas por minuto",
    "frozen ratio": "proporción congelada",
    # ping and time
    "answer {}: rtt {} ms, offset {}, jitter {} ms": (
        "respuesta {}: rtt {} ms, desfase {}, fluctuación {} ms"
    ),
    "--- {} over {} ---": "--- {} por {} ---",
    "{} sent, {} answered, {} lost ({}%)": "{} enviados, {} respondidos, {} perdidos ({} %)",
    "{} sent, {} answered, {} lost or overtaken ({}%)": (
        "{} enviados, {} respondidos, {} perdidos o adelantados ({} %)"
    ),
    "{} answered while this program was stopped, and so not timed": (
        "{} respondidos mientras este programa estaba detenido, y por eso sin tiempo"
    ),
    "rtt min {}, median {}, mean {}, p95 {}, max {} ms, jitter {} ms": (
        "rtt mín {}, mediana {}, media {}, p95 {}, máx {} ms, fluctuación {} ms"
    ),
    "server clock minus ours: {}": "reloj del servidor menos el nuestro: {}",
    "   t1 sent (ours)   t2 got (theirs)  t3 sent (theirs)     t4 got (ours)     delay": (
        "  t1 envía (aquí)   t2 llega (allí)   t3 envía (allí)   t4 llega (aquí)   retardo"
    ),
    "{} {} ms{}": "{} {} ms{}",
    "{}  <- least delay": "{}  <- menor retardo",
    "server clock {} s when ours showed {} s": (
        "reloj del servidor {} s cuando el nuestro marcaba {} s"
    ),
    "offset {}: ((t2 - t1) + (t3 - t4)) / 2": "desfase {}: ((t2 - t1) + (t3 - t4)) / 2",
    "delay {} ms: (t4 - t1) - (t3 - t2)": "retardo {} ms: (t4 - t1) - (t3 - t2)",
    # Summaries of a relay
    "{} packets, {} lost; 99% forwarded within {} ms": (
        "{} paquetes, {} perdidos; el 99 % reenviado en {} ms"
    ),
    "{} {}: up {}; down {}": "{} {}: subida {}; bajada {}",
    "{} packets, {} lost": "{} paquetes, {} perdidos",
    "{} packets, {} lost, {} resent, {} timeouts, {} stalls": (
        "{} paquetes, {} perdidos, {} reenviados, {} plazos vencidos, {} paradas"
    ),
    # serve
    "listening on {}, port {}, seed {}": "escuchando en {}, puerto {}, semilla {}",
    "all addresses of this computer": "todas las direcciones de este ordenador",
    "join: jitterball play {} --transport {}": "para entrar: jitterball play {} --transport {}",
    "time by SNTP: UDP port {}": "hora por SNTP: puerto UDP {}",
    "Ctrl-C ends it": "Ctrl-C lo termina",
    "for the teacher alone: {}": "solo para el docente: {}",
    "For the teacher alone:": "Solo para el docente:",
    "To play, open this page on a phone, tablet or computer:": (
        "Para jugar, abre esta página en un móvil, tableta u ordenador:"
    ),
    "If it does not open:": "Si no se abre:",
    "Press Enter to remove the teacher's address from this screen.": (
        "Pulsa Intro para quitar de esta pantalla la dirección del docente."
    ),
    "this installation has no worksheet: it is in docs/lab.md": (
        "esta instalación no tiene hoja de trabajo: está en docs/lab.es.md"
    ),
    "the report of more than {} folders has no pictures": (
        "el informe de más de {} carpetas no tiene imágenes"
    ),
    "--posters goes with --class": "--posters va con --class",
    "--class needs the page, which sets everybody's link: leave --no-http out": (
        "--class necesita la página, que fija el enlace de todos: quita --no-http"
    ),
    "port {} is too large: the page uses port {} + {}; give at most {}": (
        "el puerto {} es demasiado grande: la página usa el puerto {} + {}; indica como mucho {}"
    ),
    "the page: {}; choose another with --port": "la página: {}; elige otro con --port",
    "class mode: a relay emulates the link of everybody, as the teacher's page sets it": (
        "modo clase: un relé emula el enlace de todos, según la página del docente"
    ),
    "the relay of the class could not start: {}": "el relé de la clase no pudo arrancar: {}",
    "in a browser, on a phone too: {}": "en un navegador, también de un móvil: {}",
    "other computers on the same cable can join at {}, with % and the name of their network card "
    "behind it": (
        "otros ordenadores en el mismo cable pueden entrar en {}, con % y el nombre de su tarjeta "
        "de red detrás"
    ),
    "no network found: until there is one, only this computer can join": (
        "no se encontró red: mientras no la haya, solo puede entrar este ordenador"
    ),
    "reachable by {}; a password is set, and players need it to join": (
        "accesible para {}; hay contraseña, y los jugadores la necesitan para entrar"
    ),
    "reachable by {}; no password is set (see --password), so all can join": (
        "accesible para {}; no hay contraseña (véase --password), así que todos pueden entrar"
    ),
    "this computer only": "este ordenador solamente",
    "every computer on the network": "todos los ordenadores de la red",
    "fingerprint of the certificate, for --fingerprint: {}": (
        "huella del certificado, para --fingerprint: {}"
    ),
    "not encrypted, readable on the network: {}": "sin cifrar, legible en la red: {}",
    "{} in {} rooms ({}), ticks late {} ms p50, {} ms p99": (
        "{} en {} salas ({}), retraso de los ticks {} ms p50, {} ms p99"
    ),
    "{} in {} rooms (nobody), ticks late {} ms p50, {} ms p99": (
        "{} en {} salas (nadie), retraso de los ticks {} ms p50, {} ms p99"
    ),
    "player": "jugador",
    "room": "sala",
    "address": "dirección",
    " (watching)": " (mirando)",
    "refused: {}": "rechazados: {}",
    # files of passwords and certificates
    "{} has more than {} MiB: it must be another file": (
        "{} tiene más de {} MiB: debe de ser otro fichero"
    ),
    "{} has no certificate in PEM": "{} no tiene ningún certificado en PEM",
    "{} has no private key in PEM": "{} no tiene ninguna clave privada en PEM",
    "{} with {}: {}": "{} con {}: {}",
    "{} lines were dropped while this output was stopped": (
        "se descartaron {} líneas mientras esta salida estaba detenida"
    ),
    # league
    "a league needs {} to {} bots, not {}": "una liga necesita de {} a {} bots, no {}",
    "give --transport once, or once for each of the {} bots": (
        "indica --transport una vez, o una por cada uno de los {} bots"
    ),
    "{} is no name for a bot: give 1 to {} printable characters": (
        "{} no es un nombre para un bot: indica de 1 a {} caracteres imprimibles"
    ),
    "{} is no command: a quotation mark is missing": "{} no es un comando: falta una comilla",
    "{} is no command: give one, as in 'python3 bot.py'": (
        "{} no es un comando: indica uno, como en 'python3 bot.py'"
    ),
    "watch match 1: jitterball play {} --watch --room {}": (
        "para ver el partido 1: jitterball play {} --watch --room {}"
    ),
    "match {} of {}: {} {}:{} {}": "partido {} de {}: {} {}:{} {}",
    "match {}: {} loses by forfeit: {}": "partido {}: {} pierde por abandono: {}",
    "match {}: note on {}: {}": "partido {}: nota sobre {}: {}",
    "there is no program {}": "no hay ningún programa {}",
    "{} is not executable: give its interpreter, as in {}": (
        "{} no es ejecutable: indica su intérprete, como en {}"
    ),
    "{} does not start: {}": "{} no arranca: {}",
    "it ended with code {}: {}": "terminó con el código {}: {}",
    "it ended by signal {}": "terminó por la señal {}",
    "it ended by signal {}: {}": "terminó por la señal {}: {}",
    "it has not joined within {} s": "no se ha unido en {} s",
    "its player has left the match": "su jugador ha dejado el partido",
    "it hangs: it sent nothing for {} s": "está colgado: no envió nada durante {} s",
    "it floods the server: {} packets/s": "inunda el servidor: {} paquetes/s",
    "it ignored its end and was killed": "no hizo caso de su fin y fue detenido a la fuerza",
    "it left programs running, which were ended": (
        "dejó programas en marcha, que fueron terminados"
    ),
    "it printed {} bytes, of which {} KiB were kept": (
        "imprimió {} bytes, de los que se conservaron {} KiB"
    ),
    "the server of the league is gone: {}": "el servidor de la liga ya no está: {}",
    "interrupted: the matches until then were kept": (
        "interrumpido: los partidos jugados se conservan"
    ),
    "{} of {} matches, seed {}": "{} de {} partidos, semilla {}",
    "bot": "bot",
    "points": "puntos",
    "played": "jugado",
    "won": "ganado",
    "drawn": "empatado",
    "goals": "goles",
    "kicks": "disparos",
    "packets": "paquetes",
    "disconnects": "desconexiones",
    "forfeits": "abandonos",
    # bot
    "no bot is called {}: there are {}": "ningún bot se llama {}: hay {}",
    "this installation has no example bots: they are in docs/examples/bots": (
        "esta instalación no trae bots de ejemplo: están en docs/examples/bots"
    ),
    "{} exists: give another folder with --folder": "{} existe: indica otra carpeta con --folder",
    "try it: jitterball serve --bots 1, then {} {} 127.0.0.1 7777": (
        "pruébalo: jitterball serve --bots 1, luego {} {} 127.0.0.1 7777"
    ),
    # lobby
    "the server could not start: {}": "el servidor no pudo empezar: {}",
    "the remembered choices are ignored: {}": "no se usa lo recordado: {}",
    "the choices are not remembered: {}": "no se recuerda lo elegido: {}",
    "cannot read {}: {}": "no se puede leer {}: {}",
    "{} holds no preferences ({})": "{} no contiene preferencias ({})",
    # find
    "Games on this network": "Partidos en esta red",
    "Games on this network: none yet": "Partidos en esta red: ninguno todavía",
    "computer": "ordenador",
    "join": "para entrar",
    "players": "jugadores",
    "rooms": "salas",
    "needs": "requiere",
    "password": "contraseña",
    "TLS": "TLS",
    "another version of this program": "otra versión de este programa",
    "no game found on this network; with its address: jitterball play HOST": (
        "no se encontró ningún partido en esta red; con su dirección: jitterball play HOST"
    ),
    # Log lines
    "{} (and {} more since the last)": "{} (y {} más desde la última)",
    "{} over {}": "{} por {}",
    "relay: no file is free for {} over {}: {} of the limit {} are its share; raise the limit "
    "(ulimit -n)": (
        "relé: no queda ningún fichero libre para {} por {}: su parte son {} del límite {}; sube "
        "el límite (ulimit -n)"
    ),
    "a client": "un cliente",
    "the network thread did not end within {} s": "el hilo de la red no terminó en {} s",
    "no web page: no port follows {}; choose one with --http-port": (
        "sin página web: ningún puerto sigue al {}; elige uno con --http-port"
    ),
    "no web page: {}; choose another with --http-port": (
        "sin página web: {}; elige otro con --http-port"
    ),
    "no ghosts on the page: no port follows {}": (
        "la página no tiene fantasmas: ningún puerto sigue al {}"
    ),
    "no ghosts on the page: {}": "la página no tiene fantasmas: {}",
    "no WebTransport for the page ({}): pip install 'jitterball[quic]'": (
        "la página no tiene WebTransport ({}): pip install 'jitterball[quic]'"
    ),
    "transport not available: {}": "transporte no disponible: {}",
    "this server cannot be found by jitterball find: {}": (
        "jitterball find no puede encontrar este servidor: {}"
    ),
    "this server cannot be found by jitterball find: all its ports are in use": (
        "jitterball find no puede encontrar este servidor: todos sus puertos están en uso"
    ),
    "the system allows {} connections": "el sistema permite {} conexiones",
    "{}, to {}": "{}, hacia {}",
    "{} clients did not receive the close message": (
        "{} clientes no recibieron el mensaje de cierre"
    ),
    "{} did not reconnect in time": "{} no volvió a conectarse a tiempo",
    "{} is a reference in room {}": "{} es una referencia en la sala {}",
    "{} joins room {} as {}": "{} entra en la sala {} como {}",
    "{} leaves room {}": "{} sale de la sala {}",
    "lost {}: {}": "perdido {}: {}",
    "cannot send to {}: {}": "no se puede enviar a {}: {}",
    "{} sent an invalid message: {}": "{} envió un mensaje no válido: {}",
    "{} timed out": "{} agotó su tiempo",
    "{}: too many messages a second": "{}: demasiados mensajes por segundo",
    "rejected {}: more than {} streams a second": "rechazado {}: más de {} conexiones por segundo",
    "rejected {} over {}: {}": "rechazado {} por {}: {}",
    "teacher: link of the class: {}": "docente: enlace de la clase: {}",
    "teacher: link of {}: {}": "docente: enlace de {}: {}",
    "teacher: burst of {} s for {}": "docente: corte de {} s para {}",
    "teacher: burst of {} s for everybody": "docente: corte de {} s para todos",
    "teacher: {} to move to {}": "docente: {} deben pasar a {}",
    "random transports": "transportes al azar",
    "teacher: says {}": "docente: dice {}",
    "teacher: sends out {}": "docente: expulsa a {}",
    "teacher: lets back in who was sent out": "docente: readmite a los expulsados",
    "teacher: takes the results of the class": "docente: descarga los resultados de la clase",
    "teacher: restarts the match": "docente: reinicia el partido",
    "teacher: {} the match": "docente: {} el partido",
    "teacher: pauses the match": "docente: pausa el partido",
    "teacher: continues the match": "docente: reanuda el partido",
    "teacher: halves of {} s, goal limit {}, {} pitch": (
        "docente: partes de {} s, límite de goles {}, campo {}"
    ),
    "teacher: halves of {} s, goal limit {}, small pitch": (
        "docente: partes de {} s, límite de goles {}, campo pequeño"
    ),
    "teacher: halves of {} s, goal limit {}, medium pitch": (
        "docente: partes de {} s, límite de goles {}, campo mediano"
    ),
    "teacher: halves of {} s, goal limit {}, large pitch": (
        "docente: partes de {} s, límite de goles {}, campo grande"
    ),
    "teacher: draws the teams by lot": "docente: sortea los equipos",
    "teacher: {} bots in a room": "docente: {} bots en una sala",
    "teacher: blind test: {}": "docente: prueba a ciegas: {}",
    "teacher: blind test: voting": "docente: prueba a ciegas: votación",
    "teacher: blind test: revealed": "docente: prueba a ciegas: se descubren los transportes",
    "teacher: blind test: off": "docente: prueba a ciegas: terminada",
    # Comments in a capture
    "lost on the link": "perdido en el enlace",
    "lost on the link, in a burst of losses": "perdido en el enlace, en una ráfaga de pérdidas",
    "dropped: the queue before the link was full": (
        "descartado: la cola ante el enlace estaba llena"
    ),
    "sent again: acknowledgements showed the loss (fast retransmit)": (
        "reenviado: las confirmaciones mostraron la pérdida (retransmisión rápida)"
    ),
    "sent again: missing after the reordering window (RACK)": (
        "reenviado: faltaba tras la ventana de reordenación (RACK)"
    ),
    "sent again: tail loss probe": "reenviado: sonda de pérdida al final (TLP)",
    "sent again: timeout": "reenviado: venció el temporizador",
    "duplicated by the link": "duplicado por el enlace",
    **SPANISH_DATA_MESSAGES,
}
