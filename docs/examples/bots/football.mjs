// How the bots of this folder play, in whole numbers as a snapshot has them: 32 to a unit.

/** Return the code of the controls: run behind the ball, then through it at the goal. */
export function decide(snapshot, me, number) {
  const [swapped, [ballX, ballY], players] = snapshot.slice(8, 11);
  let at = 0;
  while (players[at] !== me) at += 6;
  const [state, x, y] = players.slice(at + 1, at + 4);
  const side = (state % 2 === 0) !== swapped ? 1 : -1;
  let right = ballX - x, down = ballY - y;
  if (right * side < 0) {
    // The ball is behind us: run round it, or we would kick it at our own goal.
    right -= side * 2000;
    down += down < 0 ? 2000 : -2000;
  }
  const distance = Math.hypot(right, down) || 1;
  // One press is one kick, so the key goes up and down while the ball is near (40 units).
  const kick = distance < 40 * 32 && number % 4 < 2 ? 1 : 0;
  const [stickX, stickY] = [right, down].map((way) => Math.round((127 * way) / distance));
  return (stickX + 127) * 512 + (stickY + 127) * 2 + kick;
}
