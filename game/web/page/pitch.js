// Lengths of the pitch in pitch units, as in game/match/pitch.py: x to the right, y down.

const HALF_WIDTH = 560, HALF_HEIGHT = 280, RUN_OFF = 40, GOAL_DEPTH = 40;

export const PITCH = Object.freeze({
  halfWidth: HALF_WIDTH,
  halfHeight: HALF_HEIGHT,
  goalHalfHeight: 76,
  goalDepth: GOAL_DEPTH,
  postRadius: 8,
  centreCircleRadius: 90,
  outerHalfWidth: HALF_WIDTH + Math.max(RUN_OFF, GOAL_DEPTH),
  outerHalfHeight: HALF_HEIGHT + RUN_OFF,
});

export const PLAYER_RADIUS = 15;
export const BALL_RADIUS = 9;

/** +1 for a team that attacks to the right in this half, -1 to the left. */
export function attackSign(team, isSwapped) {
  return (team === 0) !== isSwapped ? 1 : -1;
}
