"""Spanish of what is wrong with data: messages of a peer, and files that are read.  [pure]

As in ``game/cli/spanish_messages.py``, by the English templates.
"""

from collections.abc import Mapping

SPANISH_DATA_MESSAGES: Mapping[str, str] = {
    # Values of a message
    "{} is neither true nor false": "{} no es ni verdadero ni falso",
    "{} is no whole number from {} to {}": "{} no es un número entero de {} a {}",
    "{} is no text of at most {} characters": "{} no es un texto de {} caracteres como mucho",
    "{} are no {} bytes": "{} no son {} bytes",
    "{} are not at most {} bytes": "{} no son {} bytes como mucho",
    "{} are no hexadecimal digits": "{} no son cifras hexadecimales",
    "{} is no array of at most {} items": "{} no es un array de {} elementos como mucho",
    "{} is an array, and {} is none": "{} es un array, y {} no lo es",
    "{} has {} fields of at least {}: {} is missing": (
        "{} tiene {} campos de al menos {}: falta {}"
    ),
    "{} is no {}": "{} no es un {}",
    "{} bytes are longer than any message": "{} bytes son más que cualquier mensaje",
    "no msgpack: {}": "no es msgpack: {}",
    "no JSON: {}": "no es JSON: {}",
    "{} is no number": "{} no es un número",
    "a float that is no number": "un número real que no es un número",
    "a number of more than 64 bits": "un número de más de 64 bits",
    "maps are not used here": "aquí no se usan mapas",
    "extension type {} is not used here": "aquí no se usa el tipo de extensión {}",
    "arrays nested deeper than {}": "arrays anidados a más de {} niveles",
    "text with half a character": "un texto con medio carácter",
    "{} is no array of whole numbers": "{} no es un array de números enteros",
    "{} has a number of more than 16 bits": "{} tiene un número de más de 16 bits",
    "{} is no ball": "{} no es un balón",
    "{} is no score": "{} no es un marcador",
    "{} is no event": "{} no es un evento",
    "{} numbers are not {} for each player": "{} números no son {} por jugador",
    "no player {} in state {}": "no hay jugador {} en el estado {}",
    "no whole snapshot": "no es un snapshot entero",
    "no snapshot message": "no es un mensaje de snapshot",
    "no report": "no es un informe",
    "no vote": "no es un voto",
    "a reference sends no messages of the game": ("una referencia no envía mensajes del juego"),
    "no request to a room": "no es una petición a una sala",
    "a vote for {}, which this server does not offer": (
        "un voto por {}, que este servidor no ofrece"
    ),
    "a client sends messages of kind {} (INPUT) or {} (ACKNOWLEDGED_INPUT) only": (
        "un cliente solo envía mensajes de tipo {} (INPUT) o {} (ACKNOWLEDGED_INPUT)"
    ),
    "{} is no array of 1 to {} inputs": "{} no es un array de 1 a {} entradas",
    "{} does not begin with a sequence number": "{} no empieza por un número de secuencia",
    "{} holds more than numbers": "{} contiene algo más que números",
    "{} is no code of controls": "{} no es un código de mandos",
    "code {} is no controls: {}": "el código {} no son mandos: {}",
    "controls: kick must be true or false, not {}": (
        "mandos: kick tiene que ser true o false, no {}"
    ),
    "controls: {} must be a whole number -127..127, not {}": (
        "mandos: {} tiene que ser un número entero -127..127, no {}"
    ),
    "a number of {} groups": "un número de {} grupos",
    "a run of unchanged items without its length": (
        "una serie de elementos sin cambios y sin su longitud"
    ),
    "changes of more than {} items": "cambios de más de {} elementos",
    "{} items have no baseline of {}": "{} elementos no tienen una base de {}",
    # Messages of a session
    "a hello without a version": "un saludo sin versión",
    "an event of {} bytes": "un evento de {} bytes",
    "a ping of {} bytes": "un ping de {} bytes",
    "a pong of {} bytes": "un pong de {} bytes",
    "a message of type {} is not expected here": "aquí no se espera un mensaje de tipo {}",
    "expected {} (type {}), received {}": "se esperaba {} (tipo {}), se recibió {}",
    "expected {} (type {}), received {} (type {})": (
        "se esperaba {} (tipo {}), se recibió {} (tipo {})"
    ),
    "expected {} (type {}), received type {}": "se esperaba {} (tipo {}), se recibió tipo {}",
    "an empty message": "un mensaje vacío",
    "no message of a known type": "no es un mensaje de un tipo conocido",
    "behind its version a hello is an array, in JSON (it begins with '[') or msgpack": (
        "tras su versión un saludo es un array, en JSON (empieza por '[') o en msgpack"
    ),
    "no public key: {}": "no es una clave pública: {}",
    "the server speaks version {} and the client {}: update the {}": (
        "el servidor habla la versión {} y el cliente la {}: actualiza: {}"
    ),
    "room {}: {}": "sala {}: {}",
    "all {} player slots of the match are taken": (
        "las {} plazas de jugador del partido están ocupadas"
    ),
    "this session belongs to somebody else": "esta sesión es de otra persona",
    "the server asks who we are, and we cannot say": (
        "el servidor pregunta quiénes somos, y no podemos decirlo"
    ),
    "invalid message: {}": "mensaje no válido: {}",
    "invalid message from the server: {}": "mensaje no válido del servidor: {}",
    "left": "se fue",
    # The wire log
    "{}: received {} bytes: {}": "{}: recibidos {} bytes: {}",
    "{}: received {} bytes: {} ({})": "{}: recibidos {} bytes: {} ({})",
    "{}: sent {}": "{}: enviado {}",
    "{}: closed": "{}: cerrado",
    "{}: closed: {}": "{}: cerrado: {}",
    "{} (no bytes)": "{} (ningún byte)",
    "{} ({})": "{} ({})",
    "HELLO, version {}, codec {}, name {}, room {}": (
        "HELLO, versión {}, códec {}, nombre {}, sala {}"
    ),
    "HELLO, version {}, codec {}: {}": "HELLO, versión {}, códec {}: {}",
    "HELLO, version {}: neither a JSON array nor a msgpack array": (
        "HELLO, versión {}: ni un array de JSON ni uno de msgpack"
    ),
    "{}, as a spectator": "{}, como espectador",
    "{}, back to slot {} after event {}": "{}, de vuelta a la plaza {} tras el evento {}",
    "PROOF of {}": "PROOF de {}",
    "PROOF of password": "PROOF de la contraseña",
    "PROOF of token": "PROOF de la ficha",
    "PROOF of nothing": "PROOF de nada",
    "password and token": "la contraseña y la ficha",
    "CLOSE: {}": "CLOSE: {}",
    "REPORT of a {}": "REPORT de un {}",
    "VOTE for {}": "VOTE por {}",
    "ROOM_REQUEST {}: {}": "ROOM_REQUEST {}: {}",
    "INPUT without controls: snapshot {} arrived": "INPUT sin mandos: llegó el snapshot {}",
    "INPUT without controls: ": "INPUT sin mandos",
    "INPUT {}: x {}, y {}": "INPUT {}: x {}, y {}",
    "{}, kick": "{}, disparo",
    "{}, and the {} before": "{}, y los {} de antes",
    "{}; snapshot {} arrived": "{}; llegó el snapshot {}",
    "WELCOME to the old slot": "WELCOME a la plaza de antes",
    "WELCOME to a new slot": "WELCOME a una plaza nueva",
    "CHALLENGE: a PROOF of {} must follow": "CHALLENGE: debe seguir una PROOF de {}",
    "the password": "la contraseña",
    "the token of the slot": "la ficha de la plaza",
    "REFUSE, {}: {}": "REFUSE, {}: {}",
    "a message": "un mensaje",
    # Datagrams and channels
    "{} sent an invalid datagram: {}": "{} envió un datagrama no válido: {}",
    "{} sent what is no QUIC packet": "{} envió algo que no es un paquete de QUIC",
    "{} asks too often": "{} pide demasiado a menudo",
    "the network thread had ended by itself": "el hilo de la red había terminado por sí solo",
    "it acknowledges number {}, which was never sent": (
        "confirma el número {}, que nunca se envió"
    ),
    "it cannot be decrypted": "no se puede descifrar",
    "it has {} bytes, or comes after the close": "tiene {} bytes, o llega tras el cierre",
    "kind {} with {} bytes is not expected here": "aquí no se espera el tipo {} con {} bytes",
    "kind {} has {} bytes instead of {}": "el tipo {} tiene {} bytes en lugar de {}",
    "kind {} with {} bytes opens no connection and belongs to none": (
        "el tipo {} con {} bytes no abre ninguna conexión ni es de ninguna"
    ),
    "HELLO has {} and version {}, not {}": "HELLO tiene {} y versión {}, no {}",
    "HELLO has {} and version {}, not {} and version {}": (
        "HELLO tiene {} y versión {}, no {} y versión {}"
    ),
    "PATH_RESPONSE differs from the challenge, or is too late": (
        "PATH_RESPONSE no coincide con el reto, o llega tarde"
    ),
    "RESPONSE differs from the challenge, or is too late": (
        "RESPONSE no coincide con el reto, o llega tarde"
    ),
    "a close of no known kind": "un cierre de tipo desconocido",
    "a datagram of kind {} with {} bytes": "un datagrama de tipo {} con {} bytes",
    "a fragment without its header": "un fragmento sin su cabecera",
    "fragment {} of {}": "fragmento {} de {}",
    "kind {}": "tipo {}",
    "a message of more than {} bytes": "un mensaje de más de {} bytes",
    "segment {} is beyond the window": "el segmento {} está fuera de la ventana",
    "segments do not fill their datagram": "los segmentos no llenan su datagrama",
    "a frame of {} bytes; {} are allowed": "una trama de {} bytes; se permiten {}",
    "QUIC ended the connection: {}": "QUIC terminó la conexión: {}",
    "the QUIC library cannot read a packet: {}": (
        "la biblioteca de QUIC no puede leer un paquete: {}"
    ),
    "the peer uses streams as this program does not": (
        "el otro extremo usa los flujos de un modo que este programa no usa"
    ),
    "too much of the stream waits for a gap to be filled": (
        "demasiado del flujo espera a que se llene un hueco"
    ),
    "{} sends TLS records that carry almost nothing": (
        "{} envía registros de TLS que no llevan casi nada"
    ),
    "{} did not wait for the answer to its request": "{} no esperó la respuesta a su petición",
    "{} reports a protocol error of ours: {}": "{} avisa de un error nuestro de protocolo: {}",
    "{} sends too many frames that complete no message": (
        "{} envía demasiadas tramas que no completan ningún mensaje"
    ),
    "{} sent text": "{} envió texto",
    "{} bytes are over the limit {}": "{} bytes superan el límite {}",
    "{} bytes; at most {} are carried": "{} bytes; se llevan {} como mucho",
    "the peer cut the connection": "el otro extremo cortó la conexión",
    "the peer no longer knows this connection": "el otro extremo ya no conoce esta conexión",
    "no datagram was acknowledged for {} seconds": "no se confirmó ningún datagrama en {} segundos",
    "no packet arrived for {} seconds": "no llegó ningún paquete en {} segundos",
    "the peer did not acknowledge what was sent to it": (
        "el otro extremo no confirmó lo que se le envió"
    ),
    "{} did not read what was sent to it": "{} no leyó lo que se le envió",
    "{} demands replies and does not read them": "{} pide respuestas y no las lee",
    "{} does not finish the WebSocket handshake": "{} no termina el saludo de WebSocket",
    "{} reliable messages ({} bytes) wait for a peer that does not acknowledge them": (
        "{} mensajes fiables ({} bytes) esperan a un extremo que no los confirma"
    ),
    "{} reliable messages ({} bytes) wait for a peer that does not read": (
        "{} mensajes fiables ({} bytes) esperan a un extremo que no lee"
    ),
    "no game at {}: {}": "no hay partido en {}: {}",
    "{} gives no answer": "{} no responde",
    "only a web page connects over WebTransport": "solo una página web se conecta por WebTransport",
    "{} does not encrypt": "{} no cifra",
    "making a certificate needs the package cryptography ({}): pip install cryptography": (
        "hacer un certificado necesita el paquete cryptography ({}): pip install cryptography"
    ),
    "no TLS: {}": "sin TLS: {}",
    "it speaks TLS, which is not on here": "habla TLS, que aquí no está activado",
    "{} is no host": "{} no es un host",
    # The kernel's links
    "the namespace {} cannot be entered: {}": "no se puede entrar en el espacio de nombres {}: {}",
    "the forwarder did not start": "el reenvío no arrancó",
    "`ip {}` failed: {}": "`ip {}` falló: {}",
    "a kernel link needs {}: try `modprobe tun`": (
        "un enlace del núcleo necesita {}: prueba `modprobe tun`"
    ),
    "the kernel has no {}: {}": "el núcleo no tiene {}: {}",
    "the kernel lets no namespace use {}": "el núcleo no deja usar {} a ningún espacio de nombres",
    "the kernel makes no TUN device: {}": "el núcleo no crea ningún dispositivo TUN: {}",
    # Files in JSON
    "the file": "el fichero",
    "not JSON: {}": "no es JSON: {}",
    "not JSON that can be read: nested too deeply": (
        "no es JSON que se pueda leer: demasiado anidado"
    ),
    "{}: {} is not {}": "{}: {} no es {}",
    "{}: {} is not {} from {} to {}": "{}: {} no es {} de {} a {}",
    "a list": "una lista",
    "an object": "un objeto",
    "a text": "un texto",
    "true or false": "true o false",
    "{}: {} has a character that cannot be shown": (
        "{}: {} tiene un carácter que no se puede mostrar"
    ),
    "{}: a text of {} characters, more than {}": "{}: un texto de {} caracteres, más de {}",
    "no JSON object": "no es un objeto de JSON",
    "{} has a wrong type": "{} es de otro tipo",
    "{} is too long": "{} es demasiado largo",
    "too long": "demasiado largo",
    # Python's readers of JSON and TOML
    "{}: line {} column {} (char {})": "{}: línea {} columna {} (carácter {})",
    "Expecting value": "se espera un valor",
    "Expecting ',' delimiter": "se espera una coma",
    "Expecting ':' delimiter": "se esperan dos puntos",
    "Expecting property name enclosed in double quotes": (
        "se espera un nombre entre comillas dobles"
    ),
    "Extra data": "sobra texto",
    "Unterminated string starting at": "un texto sin comilla final, que empieza en",
    "Invalid control character at": "carácter de control no válido en",
    "Invalid \\escape": "secuencia \\ no válida",
    "{} (at line {}, column {})": "{} (línea {}, columna {})",
    "{} (at end of document)": "{} (al final del documento)",
    "Invalid statement": "instrucción no válida",
    "Invalid value": "valor no válido",
    "Expected '=' after a key in a key/value pair": "se espera '=' tras una clave",
    "Expected newline or end of document after a statement": (
        "se espera el fin de la línea tras una instrucción"
    ),
    "Cannot overwrite a value": "un valor está dos veces",
    "Cannot declare {} twice": "no se puede declarar {} dos veces",
    "Unclosed array": "una lista sin cerrar",
    "Unclosed inline table": "una tabla sin cerrar",
    "Unterminated string": "un texto sin comilla final",
    "Illegal character {}": "carácter no válido {}",
    # Results and recordings
    "transports: {} on {} is there twice": "transports: {} en {} está dos veces",
    "runs[{}]: {} on {} is there twice": "runs[{}]: {} en {} está dos veces",
    "link_up, link_down: no such link: {}": "link_up, link_down: no existe ese enlace: {}",
    "link_up, link_down: one is null and the other is not": (
        "link_up, link_down: uno es null y el otro no"
    ),
    "{}: not in ascending order": "{}: no está en orden ascendente",
    "{}: line {}: {}": "{}: línea {}: {}",
    "{} has no run of {}": "{} no tiene ninguna medición de {}",
    "{} has no run on {}": "{} no tiene ninguna medición en {}",
    "{} on {}": "{} en {}",
    "has {} columns, not {}": "tiene {} columnas, no {}",
    "the columns are not {}": "las columnas no son {}",
    "at_s: {} is earlier than in the line before": "at_s: {} es anterior a la línea de antes",
    "verdict: {} is not one of {}": "verdict: {} no es uno de {}",
    "{}: {} is not 0 or 1": "{}: {} no es ni 0 ni 1",
    "{}: {} is not a number": "{}: {} no es un número",
    "{}; the recording has {} pictures": "{}; la grabación tiene {} imágenes",
    "icmp_seq {} is too far from {}": "icmp_seq {} está demasiado lejos de {}",
    "line {}: {} is not a number": "línea {}: {} no es un número",
    "round_trips: is empty": "round_trips: está vacío",
    "{}.lost: {} is unknown": "{}.lost: {} no se conoce",
    "{}: there is no time of sending": "{}: no hay momento de envío",
    "{}.{}: is missing": "{}.{}: falta",
    "{}: {} is no time in nanoseconds": "{}: {} no es un tiempo en nanosegundos",
    "{}: is no packet of irtt": "{}: no es un paquete de irtt",
    "duplicated, reordered: more than there are probes": (
        "duplicated, reordered: más que las sondas que hay"
    ),
    "rate_at_s has {} values and rate_bps {}": "rate_at_s tiene {} valores y rate_bps {}",
    "sent_at_s has {} values and delay_s {}": "sent_at_s tiene {} valores y delay_s {}",
    "{}[{}]: {} is earlier than the one before": "{}[{}]: {} es anterior al de antes",
    "{} probes a second of {} bytes, each way, to {} over UDP": (
        "{} sondas por segundo de {} bytes, por sentido, hasta {} por UDP"
    ),
    "round trips of ping -D, halved": "idas y vueltas de ping -D, por la mitad",
    "packets of irtt": "paquetes de irtt",
    "packet deliveries of mahimahi, 1500 bytes each": (
        "entregas de paquetes de mahimahi, de 1500 bytes cada uno"
    ),
    "{} send buffer: requested {} bytes, granted {}": (
        "búfer de envío de {}: pedidos {} bytes, concedidos {}"
    ),
    "{} receive buffer: requested {} bytes, granted {}": (
        "búfer de recepción de {}: pedidos {} bytes, concedidos {}"
    ),
    # The diagram of a lost packet
    "TCP: one ordered stream": "TCP: un flujo ordenado",
    "UDP: datagrams": "UDP: datagramas",
    "server": "servidor",
    "client": "cliente",
    "the game reads": "el juego lee",
    "{} ms old": "{} ms de edad",
    "delivered": "entregado",
    "selective ACK (SACK): reports the gap": "ACK selectivo (SACK): avisa del hueco",
    "{} ms each way, 30 snapshots per second, snapshot {} lost once; drawn by "
    "`jitterball diagram`": (
        "{} ms por sentido, 30 snapshots por segundo, snapshot {} perdido una vez; dibujado por "
        "`jitterball diagram`"
    ),
    # Lessons
    "{} is too long for a lesson": "{} es demasiado largo para una lección",
    "no TOML: {}": "no es TOML: {}",
    "claims: {}": "claims: {}",
    "figures: {}": "figures: {}",
    "{} is no claim; write it like tcp.longest_freeze_ms > 150": (
        "{} no es una afirmación; escríbela como tcp.longest_freeze_ms > 150"
    ),
    "{} is no figure; write it like tcp.longest_freeze_ms": (
        "{} no es una cifra; escríbela como tcp.longest_freeze_ms"
    ),
    "no figure {}; did you mean {}?": "no hay cifra {}; ¿quizá {}?",
    "no figure {}: there are {}": "no hay cifra {}: hay {}",
    "transports names one twice: give each once": (
        "transports nombra uno dos veces: indica cada uno una vez"
    ),
    "{} has {} letters: at most {} fit on screen": (
        "{} tiene {} letras: caben {} como mucho en la pantalla"
    ),
    "{} is empty": "{} está vacío",
    "{} names {}: the transports are {}": "{} nombra {}: los transportes son {}",
    "link: {}": "link: {}",
    "there is no {}: did you mean {}?": "no hay {}: ¿quizá {}?",
    "{}there is no {}: did you mean {}?": "{}no hay {}: ¿quizá {}?",
    "there is no {}: there are {}": "no hay {}: hay {}",
    "{}there is no {}: there are {}": "{}no hay {}: hay {}",
    "{} is missing: give {}": "falta {}: indica {}",
    "{} is not {}": "{} no es {}",
    "a text in quotes": "un texto entre comillas",
    "a number from {} to {}": "un número de {} a {}",
    "a list of {} texts": "una lista de {} textos",
    "one of {}": "uno de {}",
    "a list of tables, as in [{ at_s = 5, outage_ms = 300 }]": (
        "una lista de tablas, como [{ at_s = 5, outage_ms = 300 }]"
    ),
}
