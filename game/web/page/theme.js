// Colours of the canvases, as in game/view/theme.py; style.css has those of everything else.
//
// Teams and warnings have the colours of Okabe and Ito, which the colour-blind tell apart.

export const COLOURS = Object.freeze({
  background: "#11151d",
  ground: "#0c1017",
  stallGround: "#42180e",
  grid: "#282f3c",
  text: "#e7ecf6",
  muted: "#949dad",
  ink: "#0f131a",
  white: "#ffffff",
  apron: "#1c2c27",
  grass: "#233b32",
  grassStripe: "#274137",
  line: "#68907c",
  post: "#d6dce6",
  kickRing: "#fff4d6",
  skyCore: "#e2f4ff",
  green: "#009e73",
  yellow: "#f0e442",
  vermillion: "#d55e00",
  warm: "#ffb28a",
  purple: "#cc79a7",
  blue: "#0072b2",
  rtt: "#808ca0",
});

/** By the number of the team. */
export const TEAM_COLOURS = ["#e69f00", "#56b4e9"];
