"""Spanish help texts of the command line, by the English ones.  [pure]

A key is one paragraph of a docstring, or the help of one option, with single spaces.
"""

from collections.abc import Mapping

SPANISH: Mapping[str, str] = {
    # The program
    "Disc football over TCP, UDP or WebSocket: see, feel and measure the difference.": (
        "Fútbol de discos por TCP, UDP o WebSocket: ver, notar y medir la diferencia."
    ),
    "Without a command: compare the three over a lossy link, on a private server with bots.": (
        "Sin comando: compara los tres por un enlace con pérdidas, en un servidor propio con bots."
    ),
    "Show the version and exit.": "Muestra la versión y termina.",
    "Show this message and exit.": "Muestra esta ayuda y termina.",
    "Language of the texts: en or es. Default: the system's.": (
        "Idioma de los textos: en o es. Por defecto: el del sistema."
    ),
    # class mode
    "For a class: emulate links in front of the server, which the teacher's page sets.": (
        "Para una clase: emula enlaces delante del servidor, que fija la página del docente."
    ),
    "With --class: show both addresses in large type with QR codes, and no table.": (
        "Con --class: muestra ambas direcciones en letra grande y con códigos QR, sin tabla."
    ),
    "A bot leaves for each person who plays, and comes back after.": (
        "Un bot se va por cada persona que juega, y vuelve después."
    ),
    "Host matches for a class: addresses in large type, and a page for the teacher.": (
        "Aloja partidos para una clase: direcciones en letra grande y una página del docente."
    ),
    "Students open the page or join with jitterball play. The teacher's page sets everybody's link "
    "and transport. Ctrl-C ends the server.": (
        "Los estudiantes abren la página o entran con jitterball play. La página del docente fija "
        "el enlace y el transporte de todos. Ctrl-C termina el servidor."
    ),
    "It is jitterball serve --class --posters --bots-give-way with choices for a class: see "
    "there.": (
        "Es jitterball serve --class --posters --bots-give-way con lo que conviene a una clase: "
        "véase allí."
    ),
    "Bots in an empty room; one leaves for each player.": (
        "Bots de una sala vacía; uno se va por cada jugador."
    ),
    "Let players write to each other.": "Deja que los jugadores se escriban.",
    # worksheet
    "Write the worksheet of a class as a page to print, or its key.": (
        "Escribe la hoja de trabajo de una clase como página para imprimir, o sus respuestas."
    ),
    "Students predict, measure and explain, and write into the blanks. A browser prints the "
    "page.": (
        "Los estudiantes predicen, miden y explican, y escriben en los huecos. La página se "
        "imprime con un navegador."
    ),
    "Write the teacher's key instead.": "Escribe en su lugar la hoja con respuestas del docente.",
    "The page to write. Default: worksheet.html, or worksheet-key.html for the key.": (
        "La página que se escribe. Por defecto: worksheet.html, o worksheet-key.html la de "
        "respuestas."
    ),
    # league
    "Let bots play a league, each through an emulated link of its own.": (
        "Organiza una liga de bots, cada uno por su propio enlace emulado."
    ),
    "A bot is any command. It is given HOST PORT ROOM NAME TRANSPORT as arguments, and in its "
    "environment as JITTERBALL_HOST and so on. It runs with your rights.": (
        "Un bot es cualquier comando. Recibe HOST PORT ROOM NAME TRANSPORT como argumentos, y en "
        "su entorno como JITTERBALL_HOST, etc. Se ejecuta con tus permisos."
    ),
    "A bot that does not start, ends, hangs or floods the server loses that match. Ctrl-C keeps "
    "the matches that were played.": (
        "Un bot que no arranca, termina, se cuelga o inunda el servidor pierde ese partido. Ctrl-C "
        "conserva los partidos ya jugados."
    ),
    "The command of each bot, as in 'python3 bot.py' or 'ana=./bot'.": (
        "El comando de cada bot, como 'python3 bot.py' o 'ana=./bot'."
    ),
    "The transport whose port the bots are given. Once, or once for each bot, in their order. "
    "Default: tcp.": (
        "El transporte cuyo puerto reciben los bots. Una vez, o una por bot, en su orden. Por "
        "defecto: tcp."
    ),
    "In a round each pair plays twice, with sides swapped.": (
        "En una ronda cada pareja juega dos veces, y cambia de lado."
    ),
    "Time of play in each match.": "Tiempo de juego de cada partido.",
    "Matches side by side. Default: one for each core.": (
        "Partidos a la vez. Por defecto: uno por núcleo."
    ),
    "Print league.json instead of the table.": "Imprime league.json en lugar de la tabla.",
    # bot
    "Write an example bot, as a start for your own; without a NAME, list them.": (
        "Escribe un bot de ejemplo, como principio del tuyo; sin NAME, los nombra todos."
    ),
    "A bot uses no code of this program. It plays on any server: python3 tcp_blocking.py HOST "
    "PORT.": (
        "Un bot no usa código de este programa. Juega en cualquier servidor: python3 "
        "tcp_blocking.py HOST PORT."
    ),
    "The bot, such as tcp_blocking.": "El bot, por ejemplo tcp_blocking.",
    "Write to this folder. Default: the present one.": (
        "Escribe en esta carpeta. Por defecto: la actual."
    ),
    # dissector
    "Print the Wireshark dissector of the game's protocol, or install it.": (
        "Imprime el disector de Wireshark para el protocolo del juego, o lo instala."
    ),
    "Then Wireshark shows each message by name, and filters such as jitterball.seq work. All "
    'snapshots are jitterball.kind in {"snapshot", "delta"}: most hold only what has changed.': (
        "Así Wireshark muestra cada mensaje por su nombre, y funcionan filtros como "
        'jitterball.seq. Todos los snapshots son jitterball.kind in {"snapshot", "delta"}: la '
        "mayoría solo lleva lo que ha cambiado."
    ),
    "Write it to your folder of Wireshark plugins.": (
        "Lo escribe en tu carpeta de plugins de Wireshark."
    ),
    "With --install: write it to this folder instead.": (
        "Con --install: lo escribe en esta otra carpeta."
    ),
    "Begin with the guided half minute, as jitterball alone does once.": (
        "Empieza con el medio minuto guiado, como hace jitterball una vez."
    ),
    # learn
    "Learn in eight short lessons what a network does to the match.": (
        "Enseña en ocho lecciones breves lo que una red hace al partido."
    ),
    "Each lesson asks for a prediction, plays, and shows the figures of this run. With --frames it "
    "answers by itself.": (
        "Cada lección pide una predicción, juega y muestra las cifras de esa vez. Con --frames "
        "responde sola."
    ),
    "The lesson to begin with, or a lesson of your own.": (
        "La lección por la que se empieza, o una lección propia."
    ),
    "Check a lesson file, and open no window.": (
        "Comprueba un fichero de lección, sin abrir ninguna ventana."
    ),
    # --pcap
    "Write the packets on the emulated link to a capture for Wireshark.": (
        "Escribe los paquetes del enlace emulado en una captura para Wireshark."
    ),
    # record
    "Record delay and loss of the path to a server, for --link FILE.": (
        "Graba el retardo y la pérdida del camino a un servidor, para --link FICHERO."
    ),
    "Numbered datagrams go both ways. Ctrl-C keeps what there is. The file knows the path as it "
    "was for this light traffic; it does not know what more traffic would have done.": (
        "Van datagramas numerados en ambos sentidos. Ctrl-C guarda lo que haya. El fichero conoce "
        "el camino como fue para este tráfico ligero; no sabe qué habría hecho más tráfico."
    ),
    "A server that was started with --allow-record.": "Un servidor iniciado con --allow-record.",
    "Length of the recording.": "Duración de la grabación.",
    "The file to write. Default: recorded.link.json.": (
        "El fichero que se escribe. Por defecto: recorded.link.json."
    ),
    "Read a file of ping -D, irtt (JSON) or mahimahi instead, or a recording.": (
        "En vez de eso, lee un fichero de ping -D, irtt (JSON) o mahimahi, o una grabación."
    ),
    "Print the nearest SPEC, and how near it is.": (
        "Muestra el SPEC más parecido, y cuánto se parece."
    ),
    "Describe this recorded link instead.": "En vez de eso, describe este enlace grabado.",
    "Probes a second, in each direction.": "Sondas por segundo, en cada sentido.",
    "Size of a probe in bytes.": "Tamaño de una sonda en bytes.",
    "Let clients record the path with jitterball record.": (
        "Deja que los clientes graben el camino con jitterball record."
    ),
    # serve
    "Host matches for others to join, over every installed transport at once.": (
        "Abre partidos para otros, por todos los transportes instalados a la vez."
    ),
    "Needs no display. In a terminal a table shows the players. Ctrl-C ends the server.": (
        "No necesita pantalla. En una terminal, una tabla muestra los jugadores. Ctrl-C termina "
        "el servidor."
    ),
    "Listen on this transport only; can be repeated. Default: all installed transports.": (
        "Escucha solo por este transporte; se puede repetir. Por defecto: todos los instalados."
    ),
    "Listen on this address only. Default: all.": (
        "Escucha solo en esta dirección. Por defecto: en todas."
    ),
    "The base port, which players type; 0 takes any free port.": (
        "Puerto base, el que escriben los jugadores; 0 toma uno libre."
    ),
    "Minutes of a match, both halves. Default: 5.": (
        "Minutos de un partido, las dos partes. Por defecto: 5."
    ),
    "A match ends when a team has so many goals; 0: never.": (
        "Un partido acaba cuando un equipo tiene tantos goles; 0: nunca."
    ),
    "The size of the pitch.": "El tamaño del campo.",
    "Another room opens when so many people play in one; 0: when a player asks for it.": (
        "Se abre otra sala cuando tantas personas juegan en una; 0: cuando alguien la pide."
    ),
    "The team to play for. Default: the one with fewer people.": (
        "El equipo con el que se juega. Por defecto: el que tiene menos personas."
    ),
    "Let players write no lines to each other.": ("No dejar que los jugadores se escriban."),
    "A bot plays for who gives no input for so many seconds; 0: never. Default: 20.": (
        "Un bot juega por quien no toca nada durante tantos segundos; 0: nunca. Por defecto: 20."
    ),
    "Bots in every room.": "Bots en cada sala.",
    "Skill of the bots.": "Habilidad de los bots.",
    "Snapshots per second to each client.": "Snapshots por segundo a cada cliente.",
    "Have only these rooms; can be repeated. The first is for players who name no room. "
    "Default: a room opens when a player asks for it.": (
        "Solo estas salas; se puede repetir. La primera es para quien no nombra ninguna. "
        "Por defecto: una sala se abre cuando un jugador la pide."
    ),
    "Same seed and inputs: same match and losses. Default: random.": (
        "Misma semilla y mismas teclas: mismo partido y mismas pérdidas. Por defecto: al azar."
    ),
    "Ask you for a password, which clients then need.": (
        "Pide una contraseña, que los clientes necesitarán."
    ),
    "File with the server's password in its first line. Or set JITTERBALL_PASSWORD.": (
        "Fichero con la contraseña del servidor en la primera línea. O en JITTERBALL_PASSWORD."
    ),
    "Encrypt TCP and WebSocket: certificate (PEM).": "Cifra TCP y WebSocket: certificado (PEM).",
    "The certificate's private key (PEM).": "Clave privada del certificado (PEM).",
    "Use a new certificate and print its fingerprint.": (
        "Usa un certificado nuevo y muestra su huella."
    ),
    "Keep this certificate in FILE: the same fingerprint next time.": (
        "Guarda este certificado en FILE: la misma huella la próxima vez."
    ),
    "Request a send buffer of this many bytes; print the granted size.": (
        "Pide un búfer de envío de tantos bytes; muestra el tamaño concedido."
    ),
    "The same for the receive buffer.": "Lo mismo para el búfer de recepción.",
    "Log level on standard error.": "Nivel del registro en la salida de errores.",
    "Log one JSON object per line, and show no table.": (
        "Registra un objeto JSON por línea, sin tabla."
    ),
    "Serve the web page here. Default: the number people type + 3.": (
        "Sirve aquí la página web. Por defecto: el número que se escribe + 3."
    ),
    "Serve no web page, no /api/ and no /metrics.": "Sin página web, sin /api/ y sin /metrics.",
    "Tell the time by SNTP on this UDP port; 0 takes any free port.": (
        "Da la hora por SNTP en este puerto UDP; 0 toma uno libre."
    ),
    "For those who write a client: log in words what is received from the client that calls "
    "itself NAME, and from those that never say their name.": (
        "Para quien escribe un cliente: registra en palabras lo que se recibe del cliente que se "
        "llama NAME, y de los que nunca dicen su nombre."
    ),
    # play
    "Play on a friend's server, or choose a game in the lobby.": (
        "Juega en el servidor de un amigo, o elige un partido en la sala de espera."
    ),
    "With --link, --frames or --record and no HOST: on a private server with bots, without the "
    "lobby.": (
        "Con --link, --frames o --record y sin HOST: en un servidor propio con bots, sin sala de "
        "espera."
    ),
    "The server. Default: the lobby, to find or host a game, or to practise.": (
        "El servidor. Por defecto: la sala de espera, para buscar o abrir un partido, o practicar."
    ),
    "Exit code 0 at the end, 2 for bad arguments, 3 if the server refuses, 4 if there is no "
    "server.": (
        "Código de salida 0 al final, 2 con argumentos malos, 3 si el servidor rechaza, 4 si no "
        "hay servidor."
    ),
    "The server. Default: a private server with bots.": (
        "El servidor. Por defecto: uno propio con bots."
    ),
    "tcp, udp, websocket or a plugin's. Default: udp.": (
        "tcp, udp, websocket o el de un plugin. Por defecto: udp."
    ),
    "The name of your player. Default: your login name.": (
        "Nombre de tu jugador. Por defecto: tu nombre de usuario."
    ),
    "The room of the server. Default: its main room.": (
        "Sala del servidor. Por defecto: la principal."
    ),
    "Watch without playing.": "Mira sin jugar.",
    "Emulate a link: lossy, or delay=25ms,loss=5%, or wifi,loss=10%, or a recording: "
    "room.link.json. Presets: jitterball links.": (
        "Emula un enlace: lossy, o delay=25ms,loss=5%, o wifi,loss=10%, o una grabación: "
        "room.link.json. Perfiles: jitterball links."
    ),
    "With --link: the same seed loses the same packets. Default: random.": (
        "Con --link: la misma semilla pierde los mismos paquetes. Por defecto: al azar."
    ),
    "Snapshots per second to request. Default: the server's rate.": (
        "Snapshots por segundo que se piden. Por defecto: los del servidor."
    ),
    "The interpolation delay. Default: two snapshot intervals.": (
        "Retardo de interpolación. Por defecto: dos intervalos de snapshot."
    ),
    "Send every snapshot whole instead of its changes.": (
        "Enviar cada instantánea entera en vez de sus cambios."
    ),
    "The encoding of messages: msgpack or json.": ("Codificación de los mensajes: msgpack o json."),
    "Leave Nagle's algorithm on, to see its delay.": (
        "Deja activado el algoritmo de Nagle, para ver su retardo."
    ),
    "Seconds to search for the server. Default: no limit; 10 with --frames.": (
        "Segundos para buscar el servidor. Por defecto: sin límite; 10 con --frames."
    ),
    "Scale of texts and numbers.": "Escala de textos y números.",
    "en or es. Default: the system's language.": "en o es. Por defecto: el idioma del sistema.",
    "Fill the screen.": "Ocupa toda la pantalla.",
    "Make no sound.": "Sin sonido.",
    "Size of the window. Default: 1280x720.": "Tamaño de la ventana. Por defecto: 1280x720.",
    "Draw this many frames, then end. Works without a display too.": (
        "Dibuja tantos fotogramas y termina. Funciona también sin pantalla."
    ),
    "Save the last of the --frames.": "Guarda el último de los --frames.",
    "Save what is shown as a film, or the --frames as numbered PNGs, 30 per second.": (
        "Guarda lo que se ve como película, o los --frames como PNG numerados, 30 por segundo."
    ),
    "The server's password. Other users can see it in the list of processes.": (
        "Contraseña del servidor. Otros usuarios pueden verla en la lista de procesos."
    ),
    "Over QUIC, send snapshots and inputs in the stream too: a lost packet delays all.": (
        "Con QUIC, envía también las instantáneas y órdenes por el flujo: un paquete perdido lo "
        "retrasa todo."
    ),
    "Append the keys of QUIC to FILE, for Wireshark. Who has them can read everything.": (
        "Añade las claves de QUIC a FICHERO, para Wireshark. Quien las tenga puede leerlo todo."
    ),
    "Encrypt TCP and WebSocket; the server must use TLS too.": (
        "Cifra TCP y WebSocket; el servidor también debe usar TLS."
    ),
    "Use TLS and accept only the certificate with this fingerprint.": (
        "Usa TLS y acepta solo el certificado con esta huella."
    ),
    # compare
    "Compare TCP, UDP and WebSocket side by side in the same match.": (
        "Compara TCP, UDP y WebSocket lado a lado en el mismo partido."
    ),
    "F1 in the window shows the keys. With --seconds or without a display: a table in the "
    "terminal. Exit code of the table: 0 if every transport gave data, 4 if one got no answer.": (
        "F1 en la ventana muestra las teclas. Con --seconds o sin pantalla: una tabla en la "
        "terminal. Código de salida de la tabla: 0 si todos los transportes dieron datos, 4 si "
        "uno no tuvo respuesta."
    ),
    "The transports, one to four; each has a panel.": (
        "Los transportes, de uno a cuatro; cada uno tiene un panel."
    ),
    "Bots on the private server.": "Bots en el servidor propio.",
    "Bots on the private server. Default: five a side in all.": (
        "Bots en el servidor propio. Por defecto: cinco por equipo en total."
    ),
    "No window: a table in the terminal, for this time.": (
        "Sin ventana: una tabla en la terminal, durante este tiempo."
    ),
    "No window: print the results as JSON at the end.": (
        "Sin ventana: los resultados como JSON al final."
    ),
    "The room of HOST to join. Default: a new one, so that others keep theirs.": (
        "Sala de HOST. Por defecto: una nueva, para no llenar la de otros."
    ),
    "Show all figures from the start, as F2 does.": (
        "Muestra todas las cifras desde el principio, como F2."
    ),
    # measure and report
    "Measure lag over every transport, link after link, and write a report.": (
        "Mide el retardo de cada transporte, enlace tras enlace, y escribe un informe."
    ),
    "Each link is written when it is done, and Ctrl-C keeps the data so far. Exit code 0 only if "
    "every run gave data.": (
        "Cada enlace se escribe al terminar, y Ctrl-C conserva lo medido. Código de salida 0 solo "
        "si todas las mediciones dieron datos."
    ),
    "The transports, measured together.": "Los transportes, medidos a la vez.",
    "Emulate this link; can be repeated to measure several. See: jitterball links.": (
        "Emula este enlace; se puede repetir para medir varios. Ver: jitterball links."
    ),
    "Time for each link.": "Tiempo para cada enlace.",
    "Real packets, the kernel's TCP. Linux with root only.": (
        "Paquetes reales, el TCP del núcleo. Solo Linux con root."
    ),
    "Print a comparison of the transports; write no files.": (
        "Muestra una comparación de los transportes; no escribe ficheros."
    ),
    "New folder to write; if it exists, a number is added.": (
        "Carpeta nueva para escribir; si existe, se añade un número."
    ),
    "Language of the report. Default: the system's.": (
        "Idioma del informe. Por defecto: el del sistema."
    ),
    "Write each plot as a PNG too. Needs matplotlib: pip install matplotlib": (
        "Escribe también cada gráfica como PNG. Necesita matplotlib: pip install matplotlib"
    ),
    "Write the report of a measurement again, or one that compares several.": (
        "Escribe otra vez el informe de una medición, o uno que compara varias."
    ),
    "The page is one file that needs no network. A comparison names every run by its folder, for "
    "example ``wifi`` and ``cable``. In a class the folders have the names of the students.": (
        "La página es un fichero que no necesita red. Una comparación nombra cada medición por su "
        "carpeta, por ejemplo ``wifi`` y ``cable``. En una clase las carpetas llevan los nombres "
        "de los estudiantes."
    ),
    "Folders of measure; several are compared, more than four as a class.": (
        "Carpetas de measure; varias se comparan, más de cuatro como una clase."
    ),
    "The page to write. Default: report.html in DIR; comparison.html for several.": (
        "Página que se escribe. Por defecto: report.html en DIR; comparison.html con varias."
    ),
    # validate, ping, time, transports
    "Check the modelled link against the Linux kernel's own TCP.": (
        "Comprueba el modelo del enlace con el TCP del núcleo de Linux."
    ),
    "Linux with root only. Exit code 0 if all statistics agree, 1 if one does not.": (
        "Solo Linux con root. Código de salida 0 si todas las estadísticas coinciden, 1 si no."
    ),
    "Time for each run.": "Tiempo para cada medición.",
    "Ping a server: round-trip time, clock offset and jitter.": (
        "Hace ping a un servidor: ida y vuelta, desfase de reloj y jitter."
    ),
    "Prints one line for each reply, then a summary. Exit code 0 if there was a reply, 4 if not.": (
        "Muestra una línea por respuesta y un resumen. Código de salida 0 si hubo respuesta, 4 si "
        "no."
    ),
    "The server's address.": "Dirección del servidor.",
    "The transport to use.": "Transporte que se usa.",
    "Over UDP and QUIC a ping that a later one overtook gets no reply. A longer interval avoids "
    "that.": (
        "Por UDP y QUIC, un ping al que otro posterior adelanta queda sin respuesta. Un intervalo "
        "mayor lo evita."
    ),
    "Number of pings. Default: until Ctrl-C.": "Número de pings. Por defecto: hasta Ctrl-C.",
    "Seconds between two pings.": "Segundos entre dos pings.",
    "Show the clock offset of a server, from eight exchanges of timestamps.": (
        "Muestra el desfase de reloj de un servidor, con ocho intercambios de marcas de tiempo."
    ),
    "The exchange with the least delay gives the best estimate. Each clock counts seconds from a "
    "start of its own, such as the start of its computer.": (
        "El intercambio con menos retardo da la mejor estimación. Cada reloj cuenta segundos "
        "desde su propio inicio, como el arranque de su ordenador."
    ),
    "List the installed transports and what each of them guarantees.": (
        "Enumera los transportes instalados y lo que garantiza cada uno."
    ),
    # link, links, diagram
    "Emulate a link in front of any TCP or UDP server.": (
        "Emula un enlace delante de cualquier servidor TCP o UDP."
    ),
    "Clients connect to the relay on this computer instead of to the server. With --kernel: run "
    "COMMAND with the names of two namespaces in its environment, JITTERBALL_CLIENT_NS and "
    "JITTERBALL_SERVER_NS; their addresses are in the same names with _ADDRESS.": (
        "Los clientes se conectan al relé de este ordenador en vez de al servidor. Con --kernel: "
        "ejecuta COMMAND con los nombres de dos espacios de red en su entorno, "
        "JITTERBALL_CLIENT_NS y JITTERBALL_SERVER_NS; sus direcciones están en los mismos nombres "
        "con _ADDRESS."
    ),
    "With --kernel: the command to run.": "Con --kernel: el comando que se ejecuta.",
    "Where clients connect. 0: any free port.": (
        "Dónde se conectan los clientes. 0: un puerto libre."
    ),
    "The server behind the link.": "El servidor detrás del enlace.",
    "Relay TCP only. Default: TCP and UDP.": "Solo TCP. Por defecto: TCP y UDP.",
    "Relay UDP only.": "Solo UDP.",
    "Relay this many ports, counted up from both addresses.": (
        "Tantos puertos, contados desde ambas direcciones."
    ),
    "Real IP packets between two network namespaces, no relay. Linux with root only.": (
        "Paquetes IP reales entre dos espacios de red, sin relé. Solo Linux con root."
    ),
    "With --kernel: seconds before losses start.": (
        "Con --kernel: segundos antes de que empiecen las pérdidas."
    ),
    "List the presets for --link; all values are one-way.": (
        "Enumera los perfiles de --link; todos los valores son por sentido."
    ),
    "Draw what one lost packet does to the snapshots over TCP and over UDP.": (
        "Dibuja lo que un paquete perdido hace a los snapshots por TCP y por UDP."
    ),
    "The server sends 30 snapshots per second and the client its inputs. The link loses one "
    "packet.": (
        "El servidor envía 30 snapshots por segundo y el cliente sus teclas. El enlace pierde un "
        "paquete."
    ),
    "The SVG file to write.": "Fichero SVG que se escribe.",
    "One-way delay.": "Retardo por sentido.",
    "Number of the lost snapshot.": "Número del snapshot perdido.",
    "Number of snapshots.": "Número de snapshots.",
    "Find the games on this network.": "Busca los partidos de esta red.",
    "Search for this time. Default: until Ctrl-C; into a file 2 s.": (
        "Buscar durante este tiempo. Por defecto: hasta Ctrl-C; a un fichero, 2 s."
    ),
    "Print the games as JSON at the end, and no table.": (
        "Mostrar los partidos como JSON al final, y ninguna tabla."
    ),
    "Exit code 0 if there is a game, 4 if there is none.": (
        "Código de salida 0 si hay algún partido, 4 si no hay ninguno."
    ),
    "Do not answer those who look for a game (jitterball find).": (
        "No responder a quienes buscan un partido (jitterball find)."
    ),
    "Show every packet from the start, as K does.": (
        "Mostrar todos los paquetes desde el principio, como K."
    ),
    "The --screenshot shows the moment when most packets waited for a lost one.": (
        "La imagen de --screenshot muestra el momento en que más paquetes esperaban a uno perdido."
    ),
    # Titles of the help
    "Options": "Opciones",
    "Commands": "Comandos",
    "Arguments": "Argumentos",
    "[default: {}]": "[por defecto: {}]",
    "[required]": "[obligatorio]",
}
