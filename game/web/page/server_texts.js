// What a server says, in Spanish: why it refuses a client, closes its connection or a request.
//
// A server knows no language, so its English is looked up; {} stands for a value. As
// game/cli/spanish_messages.py has them, which a test compares.

/** The reason of a close that the server's end gives, and not a fault. */
export const SERVER_CLOSED = "the server was closed";

export const SPANISH = {
  "all {} player slots of the match are taken":
    "las {} plazas de jugador del partido están ocupadas",
  "behind its version a hello is an array, in JSON (it begins with '[') or msgpack":
    "tras su versión un saludo es un array, en JSON (empieza por '[') o en msgpack",
  "give a number from {} to {}": "indica un número de {} a {}",
  "invalid message: {}": "mensaje no válido: {}",
  "more than {} attempts a second from your address":
    "más de {} intentos por segundo desde tu dirección",
  "no room is called {} here: there are {}": "aquí ninguna sala se llama {}: hay {}",
  "no such room is open: a reference opens none":
    "esa sala no está abierta: una referencia no abre ninguna",
  "only the teacher sets length, goal limit and pitch":
    "solo el docente fija la duración, los goles máximos y el campo",
  "only the teacher stops this match": "solo el docente para este partido",
  "only {} sets length, goal limit and pitch":
    "solo {} puede fijar la duración, los goles máximos y el campo",
  "only {} stops this match": "solo {} puede parar este partido",
  "room {}: {}": "sala {}: {}",
  "that is not the password of this server": "esa no es la contraseña de este servidor",
  "the room was closed": "la sala se cerró",
  "the server has {} connections already": "el servidor ya tiene {} conexiones",
  "the server speaks version {} and the client {}: update the {}":
    "el servidor habla la versión {} y el cliente la {}: actualiza: {}",
  [SERVER_CLOSED]: "el servidor se cerró",
  "the teacher has sent you out": "el docente te ha expulsado",
  "there are {} rooms already: choose one of them": "ya hay {} salas: elige una de ellas",
  "this server asks for a password": "este servidor pide una contraseña",
  "this server has no chat": "este servidor no tiene chat",
  "this session belongs to somebody else": "esta sesión es de otra persona",
  "too many messages a second": "demasiados mensajes por segundo",
  "too many players have just left: try again in a few seconds":
    "acaban de salir demasiados jugadores: prueba otra vez en unos segundos",
  "too many wrong passwords: try again in {} s":
    "demasiadas contraseñas equivocadas: prueba otra vez en {} s",
  "your address has {} connections already": "tu dirección ya tiene {} conexiones",
};

// The most specific one first: "room {}: {}" fits other lines too.
const PATTERNS = Object.entries(SPANISH)
  .filter(([english]) => english.includes("{}"))
  .sort(([one], [other]) => other.length - one.length)
  .map(([english, spanish]) => [pattern(english), spanish]);

/** Return a server's text in the language of the page; as it is if there are no words for it. */
export function serverText(text, language) {
  return language === "es" ? inSpanish(text) : text;
}

function inSpanish(text) {
  if (Object.hasOwn(SPANISH, text)) return SPANISH[text];
  for (const [regExp, spanish] of PATTERNS) {
    const values = regExp.exec(text)?.slice(1);
    if (values) return spanish.replaceAll("{}", () => inSpanish(values.shift()));
  }
  return text;
}

function pattern(english) {
  const parts = english.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.+?)")}$`, "s");
}
