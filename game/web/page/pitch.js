// Lengths of the pitches in pitch units, as in game/match/pitch.py: x to the right, y down.

const RUN_OFF = 40, GOAL_DEPTH = 40;

function scaled(scale) {
  const halfWidth = 560 * scale, halfHeight = 280 * scale, goalHalfHeight = 76 * scale;
  return Object.freeze({
    halfWidth,
    halfHeight,
    goalHalfHeight,
    goalDepth: GOAL_DEPTH,
    postRadius: 8,
    /** The centres of the four posts, as [x, y]. */
    posts: [-halfWidth, halfWidth].flatMap((x) => [[x, -goalHalfHeight], [x, goalHalfHeight]]),
    centreCircleRadius: 90 * scale,
    outerHalfWidth: halfWidth + Math.max(RUN_OFF, GOAL_DEPTH),
    outerHalfHeight: halfHeight + RUN_OFF,
  });
}

/** Small, medium and large, by the number of a size in a message. */
export const PITCHES = Object.freeze([0.75, 1, 1.25].map(scaled));
export const MEDIUM_SIZE = 1;

export const PLAYER_RADIUS = 15;
export const BALL_RADIUS = 9;

/** +1 for a team that attacks to the right in this half, -1 to the left. */
export function attackSign(team, isSwapped) {
  return (team === 0) !== isSwapped ? 1 : -1;
}
