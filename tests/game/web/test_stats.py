"""The page's statistics are those of ``net.measure`` and ``net.sync``, given the same events."""

import random

import pytest

from game.client.match_prediction import LocalPrediction
from game.match.controls import Controls
from game.match.pitch import PITCHES
from game.match.rules import Match
from game.protocol.snapshot import snapshot_of
from net.measure.lag_monitor import LagMonitor
from net.sync.clock_filter import ClockFilter
from net.sync.interpolation import InterpolationBuffer, MinDelayFilter
from tests.game.web.plain_values import snapshot_values

INTERVAL_TICKS, TICK_HZ = 2, 60


def arrivals(rng: random.Random, count: int = 900) -> list[dict]:
    """Return snapshots and frames in the order of time: lost, late, stale and doubled ones too."""
    events = []
    for number in range(count):
        tick = 1000 + number * INTERVAL_TICKS
        made_at = tick / TICK_HZ
        draw = rng.random()
        if draw < 0.05:
            continue
        delay_s = 0.02 + rng.expovariate(200) + (0.4 if draw > 0.98 else 0.0)
        events.append({"now": made_at + delay_s, "tick": tick, "made_at": made_at})
        if draw > 0.95:
            events.append({"now": made_at + delay_s + 0.01, "tick": tick, "made_at": made_at})
    start = events[0]["now"]
    frames = [{"now": start + n / 59.94, "starved": rng.random() < 0.1} for n in range(count * 2)]
    return sorted(events + frames, key=lambda event: event["now"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_lag_monitor(javascript, seed):
    events = arrivals(random.Random(seed))
    started_at = events[0]["now"] - 0.1
    script = f"""
        const monitor = new module.LagMonitor({started_at}, {INTERVAL_TICKS}, {TICK_HZ});
        for (const {{ now, tick, made_at, starved }} of data) {{
          if (tick === undefined) monitor.addFrame(now, starved);
          else monitor.addSnapshot(now, tick, made_at, now - made_at, now - 0.09);
        }}
        const now = data.at(-1).now + 0.2;
        return {{
          stats: monitor.stats(now),
          columns: monitor.columns.map(({{ tick, status }}) => [tick, status]),
        }};"""
    seen = javascript("stats", script, events)
    model = LagMonitor(started_at, INTERVAL_TICKS, TICK_HZ)
    for event in events:
        now = event["now"]
        if "tick" in event:
            made_at = event["made_at"]
            model.add_snapshot(now, event["tick"], made_at, now - made_at, now - 0.09)
        else:
            model.add_frame(now, event["starved"])
    expected = model.stats(events[-1]["now"] + 0.2)
    assert seen["stats"] == {
        "jitterS": pytest.approx(expected.jitter_s),
        "ageS": pytest.approx(expected.age_s),
        "ageP95S": pytest.approx(expected.age_p95_s),
        "stalls": expected.stalls,
        "longestGapS": pytest.approx(expected.longest_gap_s),
        "frozenRatio": pytest.approx(expected.frozen_ratio),
        "lossRatio": pytest.approx(expected.loss_ratio),
        "longestFreezeS": pytest.approx(expected.longest_freeze_s),
        "measuredS": pytest.approx(expected.measured_s),
    }
    assert seen["columns"] == [[column.tick, column.status.value] for column in model.columns]


def test_nothing_is_known_before_the_first_snapshot(javascript):
    script = "return new module.LagMonitor(5, 2, 60).stats(5);"
    stats = javascript("stats", script)
    assert (stats["ageS"], stats["ageP95S"], stats["frozenRatio"]) == (None, None, None)


def test_the_clock_filter(javascript):
    """Over delays that vary, a drift, and a server whose clock is another one from half on."""
    rng = random.Random(4)
    exchanges = []
    for number in range(1200):
        t1 = number / 10
        offset_s = (100 if number < 600 else -30) + 40e-6 * t1
        there_s, back_s = (0.01 + rng.expovariate(100) for _ in range(2))
        t2 = t1 + there_s + offset_s
        exchanges.append([t1, t2, t2 + 0.001, t1 + there_s + 0.001 + back_s])
    script = """
        const filter = new module.ClockFilter();
        return data.map((exchange) => {
          filter.add(...exchange);
          return [filter.rttS, filter.serverTime(exchange[3] + 1)];
        });"""
    model = ClockFilter()
    expected = []
    for exchange in exchanges:
        model.add(*exchange)
        expected.append([model.rtt_s, model.server_time(exchange[3] + 1)])
    assert javascript("clock", script, exchanges) == [pytest.approx(one) for one in expected]


def test_interpolation(javascript):
    rng = random.Random(5)
    times = [n / 30 for n in range(200)]
    shuffled = sorted(times, key=lambda time: time + rng.uniform(0, 0.2))
    asked = [rng.uniform(3.0, 7.0) for _ in range(100)]
    script = """
        const buffer = new module.InterpolationBuffer();
        for (const timeS of data.times) buffer.push({ timeS });
        return data.asked.map((at) => {
          const { before, after, fraction, isStarved } = buffer.sample(at);
          return [before.timeS, after.timeS, fraction, isStarved];
        });"""
    model: InterpolationBuffer[float] = InterpolationBuffer()
    for time in shuffled:
        model.push(time, time)
    samples = [model.sample(at) for at in asked]
    expected = [[one.before, one.after, one.fraction, one.starved] for one in samples]
    data = {"times": shuffled, "asked": asked}
    assert javascript("interpolation", script, data) == expected


def test_the_least_delay(javascript):
    rng = random.Random(6)
    arrived = [[n / 30, rng.uniform(0.01, 0.3)] for n in range(400)]
    script = """
        const filter = new module.MinDelayFilter();
        return data.map(([now, delayS]) => {
          filter.add(now, delayS);
          return filter.minDelayS(now + 0.5);
        });"""
    model = MinDelayFilter()
    expected = []
    for now, delay_s in arrived:
        model.add(now, delay_s)
        expected.append(model.min_delay_s(now + 0.5))
    assert javascript("interpolation", script, arrived) == expected


def test_the_visual_error_is_known_when_a_later_snapshot_comes(javascript):
    """A frame at time 2 shows the ball where it was at time 1; it was 30 units further."""
    script = """
        const error = new module.VisualError();
        error.addFrame(2, 2, { x: 10, y: 0 });
        const before = error.quantile(0.95);
        error.settle(1.9, () => ({ x: 0, y: 0 }));
        const still = error.quantile(0.95);
        error.settle(2.1, () => ({ x: 40, y: 0 }));
        return [before, still, error.quantile(0.95)];"""
    assert javascript("stats", script) == [None, None, 30]


def test_prediction(javascript):
    """Two players and a server three ticks behind: the same corrections, the same places."""
    match = Match(3)
    own = match.join("Ana")
    match.join("Bo")
    rng = random.Random(8)
    held = [Controls(rng.randint(-127, 127), rng.randint(-127, 127), False) for _ in range(120)]
    snapshots = []
    for tick, controls in enumerate(held):
        # The other one runs, which the prediction cannot know.
        match.step({own: controls, 1 - own: held[-tick - 1]})
        snapshots.append(snapshot_of(match, tick / 60, 0.0))
    first, lag = snapshots[0], 3
    model = LocalPrediction(own, first, reconciling=True)
    expected = []
    for sequence in range(2, len(held)):
        now = sequence / 60
        model.predict(sequence, held[sequence - 1], now)
        if sequence > lag + 1:
            model.correct(sequence - lag, snapshots[sequence - lag - 1], now)
        places = model.positions_at(now + 0.004)
        expected.append([places.own_x, places.own_y, places.ball_x, places.ball_y])
    script = """
        const prediction = new module.LocalPrediction(data.own, data.snapshots[0]);
        const places = [];
        for (let sequence = 2; sequence < data.held.length; sequence++) {
          const now = sequence / 60;
          prediction.predict(sequence, data.held[sequence - 1], now);
          if (sequence > data.lag + 1) {
            prediction.correct(sequence - data.lag, data.snapshots[sequence - data.lag - 1], now);
          }
          const { own, ball } = prediction.positionsAt(now + 0.004);
          places.push([own.x, own.y, ball.x, ball.y]);
        }
        return { places, corrections: prediction.corrections.count };"""
    data = {
        "own": own,
        "lag": lag,
        "held": [{"x": one.x, "y": one.y, "kick": one.kick} for one in held],
        "snapshots": [plain(one) for one in snapshots],
    }
    seen = javascript("prediction", script, data)
    assert seen["places"] == [pytest.approx(one) for one in expected]
    assert seen["corrections"] == model.corrections.count


def plain(snapshot) -> dict:
    return snapshot_values(snapshot, snapshot.players, PITCHES[snapshot.pitch_size])
