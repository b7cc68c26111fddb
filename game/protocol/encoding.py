"""Encoding of the game's messages to bytes, and validation and decoding of received ones.  [pure]

The first byte of an application message is its ``MessageKind``. The rest:

    INPUT     codec array: u32 newest sequence number, then the codes of 1 to 8 controls, the
              newest last; a code is (x + 127) * 512 + (y + 127) * 2 + kick
    REPORT    codec array as in ``_CLIENT_REPORT``
    ROOM_REQUEST
              codec array as in ``_ROOM_REQUEST``
    VOTE      codec array: the transport that the client takes for its own
    SNAPSHOT  u8 player id (255: a spectator), u32 last input used, u8 inputs waiting;
              then a codec array as in ``SNAPSHOT_FIELDS``, the same bytes for every client
    DELTA     as SNAPSHOT, with the array of ``DELTA_FIELDS`` (``game/protocol/delta_snapshots.py``)
    ACKNOWLEDGED_INPUT
              codec array: tick of the newest snapshot, then as INPUT with 0 to 8 controls

An event is a codec array of its kind and the fields in ``_EVENTS``. The payloads of hello and
welcome are codec arrays. A reader ignores items at the end of an array that it does not know, so
that later versions can add fields. Lengths and speeds are integers in units of ``QUANTUM``.
"""

import struct
from functools import lru_cache
from typing import Any

from game.match.controls import STICK_LIMIT, Controls
from game.match.formation import MAX_PLAYERS
from game.match.physics import KICK_MEMORY_TICKS
from game.match.pitch import PitchSize
from game.match.rules import Phase
from game.match.world import Team
from game.protocol.messages import (
    BASELINE_LIMIT_TICKS,
    CLOCK_QUANTUM_S,
    INPUTS_PER_MESSAGE,
    MAX_TEXT_CHARS,
    NO_PLAYER,
    QUANTUM,
    TIME_QUANTUM_S,
    U32_MAX,
    BallState,
    BlindStage,
    BlindTest,
    Bounced,
    ChatLine,
    ClientReport,
    Delta,
    GameEvent,
    Goal,
    InputMessage,
    JoinRequest,
    JoinResponse,
    Kicked,
    LimitsChanged,
    LinkChanged,
    MessageKind,
    Notice,
    OwnState,
    PauseChanged,
    PhaseChanged,
    PlayerJoined,
    PlayerLeft,
    PlayerState,
    ReadyPlayers,
    ReportsRequested,
    RoomAction,
    RoomRequest,
    Roster,
    RosterEntry,
    Snapshot,
    TransportRequested,
)
from net.codec import Codec, Value, codec_of_array
from net.errors import DecodeError
from net.schema import (
    BOOLEAN,
    FieldCodec,
    RecordCodec,
    bytes_up_to,
    enum_member,
    integer,
    optional,
    quantised,
    record,
    text,
    tuple_of,
)

_I16_MAX = (1 << 15) - 1
# A notice is one line on a screen.
_NOTICE_MAX_CHARS = 400
_NUMBERS_PER_PLAYER = 6
# Exact, since the quantum is a power of two. A product costs less than a quotient.
_QUANTA_PER_UNIT = 1 / QUANTUM
# Twelve groups of 4 bits for each of some 250 numbers; most take two.
_CHANGES_LIMIT_BYTES = 1500
# Transports that a client may have: three, and plugins.
_MAX_TRANSPORTS = 16
# Finer than any clock of a client, and than what a page may read from one.
_REPORT_QUANTUM_S = 1e-5
_RATIO_QUANTUM = 1e-4
_INPUT_PREFIX = bytes((MessageKind.INPUT,))
_ACKNOWLEDGED_INPUT_PREFIX = bytes((MessageKind.ACKNOWLEDGED_INPUT,))
_REPORT_PREFIX = bytes((MessageKind.REPORT,))
_ROOM_REQUEST_PREFIX = bytes((MessageKind.ROOM_REQUEST,))
_VOTE_PREFIX = bytes((MessageKind.VOTE,))
_INTEGERS_ONLY = {int}
_OWN_STATE = struct.Struct("!BBIB")
_SNAPSHOT_KINDS = (MessageKind.SNAPSHOT, MessageKind.DELTA)


def _numbers(value: Value) -> list[int]:
    """Return an array of 16-bit integers. Raises ``DecodeError`` if it is none."""
    # Not isinstance: a ``bool`` is an int too, and a codec can carry one.
    if not isinstance(value, list) or set(map(type, value)) - _INTEGERS_ONLY:
        raise DecodeError(f"{value!r:.40} is no array of whole numbers")
    if max(map(abs, value), default=0) > _I16_MAX:
        raise DecodeError(f"{value!r:.40} has a number of more than 16 bits")
    return value


def _encode_ball(ball: BallState) -> Value:
    return [round(number * _QUANTA_PER_UNIT) for number in ball]


def _decode_ball(value: Value) -> BallState:
    numbers = _numbers(value)[:4]
    if len(numbers) < 4:
        raise DecodeError(f"{value!r:.40} is no ball")
    return BallState(*(number * QUANTUM for number in numbers))


def _encode_players(players: tuple[PlayerState, ...]) -> Value:
    # One flat array: an array for each player would cost a byte each and a third of the time.
    numbers: list[int] = []
    for player_id, team, x, y, vx, vy, kicking, kick_memory_ticks in players:
        numbers += (
            player_id,
            kick_memory_ticks << 2 | kicking << 1 | team,
            round(x * _QUANTA_PER_UNIT),
            round(y * _QUANTA_PER_UNIT),
            round(vx * _QUANTA_PER_UNIT),
            round(vy * _QUANTA_PER_UNIT),
        )
    return numbers


def _decode_players(value: Value) -> tuple[PlayerState, ...]:
    numbers = _numbers(value)
    # The limit bounds what one message can make a client allocate and draw.
    if len(numbers) % _NUMBERS_PER_PLAYER or len(numbers) > MAX_PLAYERS * _NUMBERS_PER_PLAYER:
        raise DecodeError(f"{len(numbers)} numbers are not {_NUMBERS_PER_PLAYER} for each player")
    return tuple(
        _decode_player(*numbers[start : start + _NUMBERS_PER_PLAYER])
        for start in range(0, len(numbers), _NUMBERS_PER_PLAYER)
    )


def _decode_player(player_id: int, state: int, x: int, y: int, vx: int, vy: int) -> PlayerState:
    if not 0 <= player_id < NO_PLAYER or not 0 <= state >> 2 <= KICK_MEMORY_TICKS:
        raise DecodeError(f"no player {player_id} in state {state}")
    return PlayerState(
        player_id,
        Team(state & 1),
        x * QUANTUM,
        y * QUANTUM,
        vx * QUANTUM,
        vy * QUANTUM,
        bool(state & 2),
        state >> 2,
    )


def _decode_score(value: Value) -> tuple[int, int]:
    match _numbers(value):
        case [orange, sky, *_] if orange >= 0 and sky >= 0:
            return orange, sky
    raise DecodeError(f"{value!r:.40} is no score")


_TICK = integer(0, U32_MAX)
_PLAYER_ID = integer(0, NO_PLAYER - 1)
_PLAYER_IDS = tuple_of(_PLAYER_ID, MAX_PLAYERS)
_TEAM = enum_member(Team)
_NAME = text(MAX_TEXT_CHARS)
_SCORE: FieldCodec[tuple[int, int]] = FieldCodec(
    list, _decode_score, "array of 2: goals of ORANGE, goals of SKY"
)
_PITCH_SIZE = enum_member(PitchSize)
_HALF = integer(1, 2)
_CLOCK_S = quantised(CLOCK_QUANTUM_S, 0, 1_000_000)
# A server's clock may count from its start or from the year 1970.
_TIME_S = quantised(TIME_QUANTUM_S, -4e9, 4e9)
_MICROSECONDS = integer(-4 * 10**15, 4 * 10**15)

SNAPSHOT_FIELDS = record(
    Snapshot,
    _TICK,
    _TIME_S,
    _TIME_S,
    enum_member(Phase),
    _HALF,
    _CLOCK_S,
    _SCORE,
    optional(_TEAM),
    BOOLEAN,
    FieldCodec(_encode_ball, _decode_ball, "array of 4: x, y, vx, vy"),
    FieldCodec(_encode_players, _decode_players, "array of 6 for each player"),
    _PITCH_SIZE,
    # Most matches are on the medium pitch, which costs no byte.
    omitted_defaults=1,
)
DELTA_FIELDS = record(
    Delta,
    _TICK,
    integer(1, BASELINE_LIMIT_TICKS),
    _MICROSECONDS,
    _MICROSECONDS,
    bytes_up_to(_CHANGES_LIMIT_BYTES),
)
_COUNT = integer(0, U32_MAX)
_ROSTER_ENTRY = record(
    RosterEntry,
    _PLAYER_ID,
    _NAME,
    _TEAM,
    BOOLEAN,
    _COUNT,
    text(MAX_TEXT_CHARS),
    _COUNT,
    _COUNT,
)
_ROSTER = record(Roster, _TICK, tuple_of(_ROSTER_ENTRY, MAX_PLAYERS))

_TRANSPORTS = tuple_of(text(MAX_TEXT_CHARS), _MAX_TRANSPORTS)
# The kind of an event is its index here. It never changes: a new kind is appended at the end.
_EVENTS: tuple[tuple[type[Any], RecordCodec[Any]], ...] = (
    (Roster, _ROSTER),
    (PlayerJoined, record(PlayerJoined, _TICK, _NAME)),
    (PlayerLeft, record(PlayerLeft, _TICK, _NAME)),
    (Kicked, record(Kicked, _TICK, _PLAYER_ID)),
    (Bounced, record(Bounced, _TICK, quantised(QUANTUM, 0, 1023), BOOLEAN)),
    (Goal, record(Goal, _TICK, _TEAM, optional(_PLAYER_ID), BOOLEAN, _SCORE)),
    (PhaseChanged, record(PhaseChanged, _TICK, enum_member(Phase), _HALF)),
    (Notice, record(Notice, _TICK, text(_NOTICE_MAX_CHARS))),
    (ReportsRequested, record(ReportsRequested, _TICK, quantised(0.01, 0.1, 60))),
    (LinkChanged, record(LinkChanged, _TICK, text(_NOTICE_MAX_CHARS), integer(0, U32_MAX))),
    (TransportRequested, record(TransportRequested, _TICK, text(MAX_TEXT_CHARS))),
    (BlindTest, record(BlindTest, _TICK, enum_member(BlindStage), _TRANSPORTS)),
    (ChatLine, record(ChatLine, _TICK, _NAME, text(_NOTICE_MAX_CHARS))),
    (PauseChanged, record(PauseChanged, _TICK, BOOLEAN, _NAME)),
    (
        LimitsChanged,
        record(
            LimitsChanged,
            _TICK,
            quantised(1, 1, 3600),
            integer(0, 99),
            _PITCH_SIZE,
            omitted_defaults=1,
        ),
    ),
    (ReadyPlayers, record(ReadyPlayers, _TICK, _PLAYER_IDS, _PLAYER_IDS)),
)
_EVENT_BY_CLASS = {cls: (kind, layout) for kind, (cls, layout) in enumerate(_EVENTS)}
_EVENT_BY_KIND = {kind: layout for kind, (_, layout) in enumerate(_EVENTS)}

_JOIN_REQUEST = record(
    JoinRequest,
    text(MAX_TEXT_CHARS),
    text(MAX_TEXT_CHARS),
    BOOLEAN,
    optional(integer(1, 1000)),
    optional(_TEAM),
    BOOLEAN,
    BOOLEAN,
    BOOLEAN,
)
_JOIN_RESPONSE = record(
    JoinResponse,
    optional(_PLAYER_ID),
    text(MAX_TEXT_CHARS),
    integer(1, 1000),
    integer(1, 1000),
    _CLOCK_S,
    _SCORE,
    _ROSTER,
    BOOLEAN,
)

_REPORTED_S = quantised(_REPORT_QUANTUM_S, 0, 3600)
# An age may be negative while the clocks are not yet synchronised.
_REPORTED_AGE_S = quantised(_REPORT_QUANTUM_S, -3600, 3600)
_REPORTED_RATIO = quantised(_RATIO_QUANTUM, 0, 1)
# The diagonal of the pitch with its margins is shorter.
_REPORTED_UNITS = quantised(QUANTUM, 0, 2047)
_CLIENT_REPORT = record(
    ClientReport,
    text(MAX_TEXT_CHARS),
    _TRANSPORTS,
    _REPORTED_S,
    optional(_REPORTED_S),
    _REPORTED_S,
    optional(_REPORTED_AGE_S),
    optional(_REPORTED_AGE_S),
    optional(_REPORTED_RATIO),
    _REPORTED_S,
    integer(0, U32_MAX),
    optional(_REPORTED_RATIO),
    optional(_REPORTED_UNITS),
    optional(_REPORTED_UNITS),
    optional(_REPORTED_S),
)

_ROOM_REQUEST = record(RoomRequest, enum_member(RoomAction), text(_NOTICE_MAX_CHARS))

_RECORDS: tuple[RecordCodec[Any], ...] = (
    _JOIN_REQUEST,
    _JOIN_RESPONSE,
    _CLIENT_REPORT,
    _ROOM_REQUEST,
    SNAPSHOT_FIELDS,
    DELTA_FIELDS,
    _ROSTER_ENTRY,
    *(layout for _, layout in _EVENTS),
)
# Layouts and kinds by the name of their class, for the page that documents them.
RECORDS = {layout.description: layout for layout in _RECORDS}
EVENT_KINDS = {cls.__name__: kind for kind, (cls, _) in enumerate(_EVENTS)}


def encode_input(message: InputMessage, codec: Codec) -> bytes:
    """Return the bytes of an input message."""
    numbers = [message.newest]
    numbers += (
        (c.x + STICK_LIMIT) << 9 | (c.y + STICK_LIMIT) << 1 | c.kick for c in message.controls
    )
    if message.snapshot_tick is None:
        return _INPUT_PREFIX + codec.encode(numbers)
    return _ACKNOWLEDGED_INPUT_PREFIX + codec.encode([message.snapshot_tick, *numbers])


def decode_input(message: bytes, codec: Codec, known: int | None = None) -> InputMessage:
    """Return the input message of these bytes.

    ``known``: the controls up to this sequence number are left out, unread. Most of a message
    repeats what has arrived before. None reads all.

    Raises ``DecodeError``, also for controls out of range and for more than eight, and for none
    without an acknowledgement.
    """
    kind = message[:1]
    # With an acknowledgement the tick stands in front.
    if kind == _ACKNOWLEDGED_INPUT_PREFIX:
        heads = 2
    elif kind == _INPUT_PREFIX:
        heads = 1
    else:
        raise DecodeError(
            f"a client sends messages of kind {MessageKind.INPUT} (INPUT) "
            f"or {MessageKind.ACKNOWLEDGED_INPUT} (ACKNOWLEDGED_INPUT) only"
        )
    numbers = codec.decode(message[1:])
    if type(numbers) is not list or not 2 <= len(numbers) <= heads + INPUTS_PER_MESSAGE:
        raise DecodeError(f"{numbers!r:.40} is no array of 1 to {INPUTS_PER_MESSAGE} inputs")
    snapshot_tick, newest = (None, numbers[0]) if heads == 1 else (numbers[0], numbers[1])
    if not _is_u32(newest) or not (snapshot_tick is None or _is_u32(snapshot_tick)):
        raise DecodeError(f"{numbers!r:.40} does not begin with a sequence number")
    first = heads
    if known is not None:
        # Negative where all are known: then the slice begins behind the end, and is empty.
        unknown = newest - known
        if unknown < len(numbers) - heads:
            first = len(numbers) - unknown
    try:
        return InputMessage(newest, tuple(map(_controls, numbers[first:])), snapshot_tick)
    except TypeError as error:
        # An array cannot be looked up.
        raise DecodeError(f"{numbers!r:.40} holds more than numbers") from error


def _is_u32(value: Value) -> bool:
    return type(value) is int and 0 <= value <= U32_MAX


def encode_report(report: ClientReport, codec: Codec) -> bytes:
    """Return the bytes of a client's report."""
    return _REPORT_PREFIX + codec.encode(_CLIENT_REPORT.write(report))


def decode_report(message: bytes, codec: Codec) -> ClientReport:
    """Return the report of these bytes. Raises ``DecodeError``."""
    if message[:1] != _REPORT_PREFIX:
        raise DecodeError("no report")
    return _CLIENT_REPORT.read(codec.decode(message[1:]))


def encode_room_request(request: RoomRequest, codec: Codec) -> bytes:
    """Return the bytes of a request of a client to its room."""
    return _ROOM_REQUEST_PREFIX + codec.encode(_ROOM_REQUEST.write(request))


def decode_room_request(message: bytes, codec: Codec) -> RoomRequest:
    """Return the request of these bytes. Raises ``DecodeError``."""
    if message[:1] != _ROOM_REQUEST_PREFIX:
        raise DecodeError("no request to a room")
    return _ROOM_REQUEST.read(codec.decode(message[1:]))


def encode_vote(transport: str, codec: Codec) -> bytes:
    """Return the bytes of a vote in a blind test."""
    return _VOTE_PREFIX + codec.encode([transport])


def decode_vote(message: bytes, codec: Codec) -> str:
    """Return the transport that a vote names. Raises ``DecodeError``."""
    vote = codec.decode(message[1:])
    if message[:1] != _VOTE_PREFIX or not isinstance(vote, list) or not vote:
        raise DecodeError("no vote")
    return _NAME.read(vote[0])


# A server decodes sixty input messages a second from every client. Players use few of the 130,000
# possible controls. The bound is for a client that uses them all. ``typed``: else ``true`` would
# find the controls of 1.
@lru_cache(maxsize=4096, typed=True)
def _controls(code: Value) -> Controls:
    if type(code) is not int:
        raise DecodeError(f"{code!r:.40} is no code of controls")
    x, y, kick = (code >> 9) - STICK_LIMIT, (code >> 1 & 0xFF) - STICK_LIMIT, bool(code & 1)
    try:
        return Controls(x, y, kick)
    except ValueError as error:
        raise DecodeError(f"code {code} is no controls: {error}") from error


def encode_snapshot(snapshot: Snapshot, codec: Codec) -> bytes:
    """Return the bytes that are the same for every client.

    ``prepend_own_state`` makes a message of them.
    """
    return codec.encode(SNAPSHOT_FIELDS.write(snapshot))


def prepend_own_state(
    shared: bytes, own: OwnState, kind: MessageKind = MessageKind.SNAPSHOT
) -> bytes:
    """Return the snapshot message for one client: its own state, then the shared bytes."""
    waiting = min(own.inputs_waiting, 255)
    return _OWN_STATE.pack(kind, own.player_id, own.last_input, waiting) + shared


def decode_snapshot(message: bytes, codec: Codec) -> tuple[OwnState, Snapshot]:
    """Return both parts of a snapshot message. Raises ``DecodeError``."""
    kind, own, value = split_snapshot(message, codec)
    if kind != MessageKind.SNAPSHOT:
        raise DecodeError("no whole snapshot")
    return own, SNAPSHOT_FIELDS.read(value)


def split_snapshot(message: bytes, codec: Codec) -> tuple[int, OwnState, Value]:
    """Return the kind, the own state and the shared array of a snapshot message or a delta.

    Raises ``DecodeError``.
    """
    if len(message) < _OWN_STATE.size or message[0] not in _SNAPSHOT_KINDS:
        raise DecodeError("no snapshot message")
    kind, *own = _OWN_STATE.unpack_from(message)
    return kind, OwnState(*own), codec.decode(message[_OWN_STATE.size :])


def encode_event(event: GameEvent, codec: Codec) -> bytes:
    """Return the body of a session event."""
    kind, layout = _EVENT_BY_CLASS[type(event)]
    return codec.encode([kind, layout.write(event)])


def decode_event(body: bytes, codec: Codec) -> GameEvent | None:
    """Return the event; None for a kind of a later version.

    Raises ``DecodeError``.
    """
    value = codec.decode(body)
    if not isinstance(value, list) or len(value) < 2 or type(value[0]) is not int:
        raise DecodeError(f"{value!r:.40} is no event")
    layout = _EVENT_BY_KIND.get(value[0])
    return None if layout is None else layout.read(value[1])


def encode_join_request(request: JoinRequest) -> Value:
    """Return the payload of a hello."""
    return _JOIN_REQUEST.write(request)


def decode_join_request(payload: Value) -> JoinRequest:
    """Return the request in a hello's payload. Raises ``DecodeError``."""
    return _JOIN_REQUEST.read(payload)


def encode_join_response(response: JoinResponse) -> Value:
    """Return the payload of a welcome."""
    return _JOIN_RESPONSE.write(response)


def decode_join_response(payload: Value) -> JoinResponse:
    """Return the response in a welcome's payload. Raises ``DecodeError``."""
    return _JOIN_RESPONSE.read(payload)


def snapshot_tick(message: bytes) -> int | None:
    """Return the tick of a snapshot message, whole or delta; None for any other message."""
    if not message:
        return None
    body = message[_OWN_STATE.size :]
    codec = codec_of_array(body)
    if message[0] not in _SNAPSHOT_KINDS or codec is None:
        return None
    try:
        fields = codec.decode(body)
    except DecodeError:
        return None
    tick = fields[0] if isinstance(fields, list) and fields else None
    return tick if isinstance(tick, int) else None
