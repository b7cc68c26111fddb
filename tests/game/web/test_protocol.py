"""The page reads what the server's encoder writes, and writes what its decoder reads."""

from dataclasses import asdict, replace

import pytest

from game.match.controls import Controls
from game.match.pitch import PITCHES, PitchSize
from game.match.rules import Phase
from game.match.world import Team
from game.protocol import encoding
from game.protocol.messages import (
    BallState,
    BlindStage,
    BlindTest,
    Goal,
    InputMessage,
    JoinRequest,
    JoinResponse,
    LimitsChanged,
    LinkChanged,
    Notice,
    OwnState,
    PlayerState,
    ReadyPlayers,
    ReportsRequested,
    Roster,
    RosterEntry,
    Snapshot,
    TransportRequested,
)
from net.codec import CODECS, MSGPACK

SNAPSHOT = Snapshot(
    tick=90_210,
    time_s=1234.567891,
    late_s=0.000123,
    phase=Phase.PLAY,
    half=2,
    clock_s=151.25,
    score=(3, 12),
    kickoff_team=Team.SKY,
    swapped=True,
    ball=BallState(-12.5, 100.03125, 719.0, -3.0),
    players=(
        PlayerState(0, Team.ORANGE, 1.0, -2.0, 0.5, 0.0, False, 0),
        PlayerState(39, Team.SKY, -560.0, 280.0, -205.0, 100.0, True, 8),
    ),
)
ROSTER = Roster(7, (RosterEntry(0, "Ana", Team.ORANGE, False, 2, "udp"),))


@pytest.mark.parametrize("codec", sorted(CODECS))
class TestProtocol:
    def test_a_snapshot_is_read(self, javascript, codec):
        body = encoding.prepend_own_state(
            encoding.encode_snapshot(SNAPSHOT, CODECS[codec]), OwnState(39, 123_456, 2)
        )
        script = f"""
            const {{ CODECS }} = await import("./codec.js");
            return module.readSnapshot(bytes(data), CODECS.{codec});"""
        read = javascript("protocol", script, body.hex())
        assert read["own"] == {"playerId": 39, "lastInput": 123_456}
        assert (read["tick"], read["phase"], read["half"]) == (90_210, Phase.PLAY, 2)
        assert read["timeS"] == pytest.approx(1234.567891, abs=1e-9)
        assert read["lateS"] == pytest.approx(0.000123, abs=1e-9)
        assert read["clockS"] == pytest.approx(151.25)
        assert (read["score"], read["kickoffTeam"], read["isSwapped"]) == ([3, 12], Team.SKY, True)
        assert read["ball"] == {"x": -12.5, "y": 100.03125, "vx": 719.0, "vy": -3.0}
        assert read["players"][1] == {
            **{"id": 39, "team": Team.SKY, "x": -560.0, "y": 280.0, "vx": -205.0, "vy": 100.0},
            **{"isKicking": True, "kickMemoryTicks": 8},
        }

    @pytest.mark.parametrize("size", PitchSize)
    def test_a_snapshot_says_which_pitch_it_is_of(self, javascript, codec, size):
        snapshot = replace(SNAPSHOT, pitch_size=size)
        body = encoding.prepend_own_state(
            encoding.encode_snapshot(snapshot, CODECS[codec]), OwnState(39, 123_456, 2)
        )
        script = f"""
            const {{ CODECS }} = await import("./codec.js");
            return module.readSnapshot(bytes(data), CODECS.{codec}).pitch.halfWidth;"""
        assert javascript("protocol", script, body.hex()) == PITCHES[size].half_width

    def test_inputs_are_those_that_the_server_reads(self, javascript, codec):
        script = f"""
            const {{ CODECS }} = await import("./codec.js");
            const sender = new module.InputSender();
            return data.map((controls) => hex(sender.push(controls, CODECS.{codec})));"""
        held = [(127, -127, True), (0, 0, False), (-3, 90, True)] * 4
        controls = [{"x": x, "y": y, "kick": kick} for x, y, kick in held]
        sent = [bytes.fromhex(text) for text in javascript("protocol", script, controls)]
        expected = tuple(Controls(*one) for one in held[-8:])
        assert encoding.decode_input(sent[-1], CODECS[codec]) == InputMessage(12, expected)
        assert sent[0] == encoding.encode_input(
            InputMessage(1, (Controls(*held[0]),)), CODECS[codec]
        )

    def test_events_are_read(self, javascript, codec):
        events = [ROSTER, Goal(9, Team.SKY, None, True, (0, 1)), Notice(9, "¡hola!")]
        bodies = [encoding.encode_event(event, CODECS[codec]).hex() for event in events]
        script = f"""
            const {{ CODECS }} = await import("./codec.js");
            return data.map((body) => module.readEvent(bytes(body), CODECS.{codec}));"""
        roster, goal, notice = javascript("protocol", script, bodies)
        assert roster == {
            "kind": "roster",
            "entries": [
                {"id": 0, "name": "Ana", "team": 0, "isBot": False, "goals": 2, "transport": "udp"}
            ],
        }
        assert goal == {
            **{"kind": "goal", "team": 1, "scorerId": None, "isOwnGoal": True, "score": [0, 1]}
        }
        assert notice == {"kind": "notice", "text": "¡hola!"}

    def test_the_events_of_a_class_are_read(self, javascript, codec):
        events = [
            ReportsRequested(9, 1.0),
            LinkChanged(9, "wifi", 7),
            TransportRequested(9, "udp"),
            BlindTest(9, BlindStage.VOTING, ("tcp", "udp")),
            LimitsChanged(9, 240.0, 3),
            LimitsChanged(9, 240.0, 3, PitchSize.LARGE),
            ReadyPlayers(9, (2,), (0, 5)),
        ]
        bodies = [encoding.encode_event(event, CODECS[codec]).hex() for event in events]
        script = f"""
            const {{ CODECS }} = await import("./codec.js");
            return data.map((body) => module.readEvent(bytes(body), CODECS.{codec}));"""
        assert javascript("protocol", script, bodies) == [
            {"kind": "reports", "intervalS": 1},
            {"kind": "link", "settings": "wifi", "seed": 7},
            {"kind": "move", "transport": "udp"},
            {"kind": "blind", "stage": 1, "choices": ["tcp", "udp"]},
            {"kind": "limits", "halfS": 240, "goalLimit": 3, "pitchSize": PitchSize.MEDIUM},
            {"kind": "limits", "halfS": 240, "goalLimit": 3, "pitchSize": PitchSize.LARGE},
            {"kind": "ready", "ready": [2], "awaited": [0, 5]},
        ]

    def test_a_report_and_a_vote_are_those_that_the_server_reads(self, javascript, codec):
        script = f"""
            const {{ CODECS }} = await import("./codec.js");
            return [
              hex(module.reportBody(data, "page", ["websocket"], CODECS.{codec})),
              hex(module.voteBody("tcp", CODECS.{codec})),
            ];"""
        stats = {
            **{"measuredS": 12.5, "rttS": 0.0525, "jitterS": 0.001, "ageS": -0.25},
            **{"ageP95S": 0.125, "frozenRatio": 0.5, "longestFreezeS": 0.75, "stalls": 3},
            **{"lossRatio": None, "visualError": 1.5, "visualErrorP95": 1300, "frameGapP99S": 0.02},
        }
        report, vote = map(bytes.fromhex, javascript("protocol", script, stats))
        received = asdict(encoding.decode_report(report, CODECS[codec]))
        assert (received.pop("device"), received.pop("transports")) == ("page", ("websocket",))
        numbers = (12.5, 0.0525, 0.001, -0.25, 0.125, 0.5, 0.75, 3, None, 1.5, 1300, 0.02)
        assert list(received.values()) == [each and pytest.approx(each) for each in numbers]
        assert encoding.decode_vote(vote, CODECS[codec]) == "tcp"

    def test_an_event_of_a_later_version_is_passed_over(self, javascript, codec):
        script = f"""
            const {{ CODECS }} = await import("./codec.js");
            return module.readEvent(bytes(data), CODECS.{codec});"""
        assert javascript("protocol", script, CODECS[codec].encode([99, [1, "?"]]).hex()) is None


def test_the_payloads_of_the_handshake_fit(javascript):
    asked = {"name": "Ana", "room": "blue", "isWatching": True}
    script = """
        const { MSGPACK } = await import("./codec.js");
        return hex(MSGPACK.encode(module.joinRequest(data)));"""
    payload = MSGPACK.decode(bytes.fromhex(javascript("protocol", script, asked)))
    assert encoding.decode_join_request(payload) == JoinRequest("Ana", "blue", watch=True)
    response = JoinResponse(3, "blue", 60, 2, 150.0, (1, 2), ROSTER)
    read = javascript(
        "protocol", "return module.readJoinResponse(data);", encoding.encode_join_response(response)
    )
    assert (read["playerId"], read["room"], read["tickHz"]) == (3, "blue", 60)
    assert (read["snapshotTicks"], read["halfS"], read["score"]) == (2, 150, [1, 2])
