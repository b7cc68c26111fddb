// All the words of the page, in English and Spanish; the elements of index.html name theirs.

const ENGLISH = {
  language: "en",
  tagline: "Disc football over a network you can see",
  name: "Your name",
  room: "Room",
  roomHint: "main",
  password: "Password",
  team: "Team",
  anyTeam: "the smaller one",
  orange: "Orange",
  sky: "Sky",
  play: "Play",
  roomMenu: "Write to the others, change sides",
  chatLine: "A line for everybody in this room",
  paused: "Match stopped",
  pausedBy: "by {name}",
  pause: "Stop or continue",
  matchMinutes: "length",
  matchGoals: "goal limit",
  noGoalLimit: "none",
  matchPitch: "pitch",
  small: "small",
  medium: "medium",
  large: "large",
  nextPitch: "Pitch of the next match: {pitch}",
  limits: "A match lasts {minutes} min, goal limit: {goals}",
  readyCount: "{ready} of {all} ready",
  sayReady: "I am ready",
  takeBackReady: "✓ Ready",
  watch: "Watch",
  otherLanguage: "Español",
  keysHint: "WASD or arrows: run · Space: kick",
  touchHint: "Left thumb: run · right thumb: kick",
  leave: "Leave",
  fullScreen: "Full screen",
  kick: "Kick",
  rtt: "RTT",
  age: "snapshot age",
  ageShort: "age",
  frozen: "frozen",
  lost: "never came",
  legend: "lagometer: a column a snapshot, as high as old; blue: ready to draw",
  milliseconds: "{value} ms",
  percent: "{value}%",
  unknown: "–",
  kickOff: "Kick-off",
  firstHalf: "1st half",
  secondHalf: "2nd half",
  halfTime: "Half-time",
  final: "Full time",
  goal: "GOAL!",
  ownGoal: "OWN GOAL",
  ownGoalBy: "by {name}",
  orangeWins: "Orange wins",
  skyWins: "Sky wins",
  draw: "A draw",
  joined: "{name} joined",
  left: "{name} left",
  watching: "watching",
  frozenFor: "FROZEN {value} ms",
  noDataFor: "no data for {seconds} s",
  interrupted: "Connection interrupted for {seconds} s",
  connecting: "Connecting…",
  reconnecting: "Connection lost: trying again…",
  serverClosed: "The server was closed: waiting for it to come back…",
  wrongPassword: "That is not the password of this server.",
  passwordNeeded: "This server asks for a password.",
  impostor: "This server does not know that password: it is not the one you mean.",
  noPasswordHere: "This server asks for no password: leave it empty.",
  refused: "The server refused: {text}",
  oldPage: "The server was updated: load this page again.",
  noServer: "The server gives no answer.",
  noWebSocket: "This server was started without WebSocket, so no page can play.",
  link: "LINK {settings}, each way, seed {seed}",
  linkNone: "LINK none",
  ballot: "Which transport is yours?",
  hiddenTransport: "?",
  sentOut: "The teacher has sent you out.",
  transport: "Transport",
  move: "Move to the other transport",
  notMoved: "{transport} gives no answer: on over {other}",
  wireLost: "lost on the wire",
  ghosts: "Ghosts",
  ghostsHint: "Ghosts: white outlines where the server has everything now (key G)",
  noGhosts: "No ghosts: the server cannot be reached past the link (port blocked?)",
  ballError: "{distance} off",
  onlyTls: "WebSocket only: browsers give WebTransport to https pages alone (serve --tls-self-signed).",
  onlyServer: "WebSocket only: this server has no WebTransport (pip install \"jitterball[quic]\").",
  onlyBrowser: "WebSocket only: this browser has no WebTransport.",
};

const SPANISH = {
  language: "es",
  tagline: "Fútbol de discos sobre una red que se ve",
  name: "Tu nombre",
  room: "Sala",
  roomHint: "main",
  password: "Contraseña",
  team: "Equipo",
  anyTeam: "el que tiene menos",
  orange: "Naranja",
  sky: "Celeste",
  play: "Jugar",
  roomMenu: "Escribir a los demás, cambiar de equipo",
  chatLine: "Una línea para todos en esta sala",
  paused: "Partido parado",
  pausedBy: "por {name}",
  pause: "Parar o seguir",
  matchMinutes: "duración",
  matchGoals: "goles máx.",
  noGoalLimit: "no",
  matchPitch: "campo",
  small: "pequeño",
  medium: "mediano",
  large: "grande",
  nextPitch: "Campo del próximo partido: {pitch}",
  limits: "El partido dura {minutes} min, goles máx.: {goals}",
  readyCount: "listos: {ready} de {all}",
  sayReady: "Ya estoy",
  takeBackReady: "✓ Ya estoy",
  watch: "Mirar",
  otherLanguage: "English",
  keysHint: "WASD o flechas: correr · Espacio: chutar",
  touchHint: "Pulgar izquierdo: correr · pulgar derecho: chutar",
  leave: "Salir",
  fullScreen: "Pantalla completa",
  kick: "Chutar",
  rtt: "RTT",
  age: "edad de la imagen",
  ageShort: "edad",
  frozen: "congelado",
  lost: "no llegaron",
  legend: "lagómetro: una columna por instantánea, tan alta como vieja; azul: lista para dibujar",
  milliseconds: "{value} ms",
  percent: "{value} %",
  unknown: "–",
  kickOff: "Saque inicial",
  firstHalf: "1.ª parte",
  secondHalf: "2.ª parte",
  halfTime: "Descanso",
  final: "Final",
  goal: "¡GOL!",
  ownGoal: "EN PROPIA PUERTA",
  ownGoalBy: "de {name}",
  orangeWins: "Gana el naranja",
  skyWins: "Gana el celeste",
  draw: "Empate",
  joined: "{name} ha entrado",
  left: "{name} ha salido",
  watching: "mirando",
  frozenFor: "CONGELADO {value} ms",
  noDataFor: "sin datos desde hace {seconds} s",
  interrupted: "Conexión interrumpida desde hace {seconds} s",
  connecting: "Conectando…",
  reconnecting: "Conexión perdida: intentándolo de nuevo…",
  serverClosed: "El servidor se ha cerrado: esperando a que vuelva…",
  wrongPassword: "Esa no es la contraseña de este servidor.",
  passwordNeeded: "Este servidor pide una contraseña.",
  impostor: "Este servidor no conoce esa contraseña: no es el que buscas.",
  noPasswordHere: "Este servidor no pide contraseña: déjala vacía.",
  refused: "El servidor no lo permite: {text}",
  oldPage: "El servidor se ha actualizado: recarga esta página.",
  noServer: "El servidor no responde.",
  noWebSocket: "Este servidor se inició sin WebSocket: ninguna página puede jugar.",
  link: "ENLACE {settings}, por sentido, semilla {seed}",
  linkNone: "ENLACE ninguno",
  ballot: "¿Qué transporte es el tuyo?",
  hiddenTransport: "?",
  sentOut: "El docente te ha expulsado.",
  transport: "Transporte",
  move: "Pasar al otro transporte",
  notMoved: "{transport} no responde: se sigue por {other}",
  wireLost: "perdidos en la red",
  ghosts: "Fantasmas",
  ghostsHint: "Fantasmas: contornos blancos donde el servidor lo tiene todo ahora (tecla G)",
  noGhosts: "Sin fantasmas: no se llega al servidor sin pasar por el enlace (¿puerto bloqueado?)",
  ballError: "error {distance}",
  onlyTls: "Solo WebSocket: los navegadores dan WebTransport solo a páginas https (serve --tls-self-signed).",
  onlyServer: "Solo WebSocket: este servidor no tiene WebTransport (pip install \"jitterball[quic]\").",
  onlyBrowser: "Solo WebSocket: este navegador no tiene WebTransport.",
};

export const LANGUAGES = { en: ENGLISH, es: SPANISH };

// Proper names, the same in every language.
const TRANSPORT_NAMES = { websocket: "WebSocket", webtransport: "WebTransport" };

/** Return the language to begin with: one asked for in the address, else the browser's. */
export function chosenLanguage(asked, browsers) {
  const wanted = [asked, ...browsers].map((code) => (code ?? "").slice(0, 2).toLowerCase());
  return wanted.find((code) => code in LANGUAGES) ?? "en";
}

/** Return a text with its names in braces filled in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Return a transport's display name, as the windows have it. */
export function transportTitle(name) {
  if (name in TRANSPORT_NAMES) return TRANSPORT_NAMES[name];
  return name.length <= 4 ? name.toUpperCase() : name[0].toUpperCase() + name.slice(1);
}

/** Put a language's words into all elements below `root` that name one. */
export function translate(root, texts) {
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = texts[element.dataset.text];
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    const text = texts[element.dataset.label];
    element.setAttribute("aria-label", text);
    element.title = text;
  }
  for (const element of root.querySelectorAll("[data-hint]")) {
    element.placeholder = texts[element.dataset.hint];
  }
}
