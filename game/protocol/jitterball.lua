-- Wireshark dissector of Jitterball's protocol: datagrams, TCP frames, WebSocket messages.
--
-- docs/protocol.md describes the bytes. Filters: jitterball.kind in {"snapshot", "delta"},
-- jitterball.seq, jitterball.datagram == "reliable", jitterball.event == "Goal". A client that
-- acknowledges snapshots gets most of them as deltas. Each field of a record has a name too, as in
-- jitterball.Snapshot.tick == "120".
--
-- Ports are not fixed. The protocol is recognised by its content (a heuristic dissector). "Decode
-- As" chooses it where a capture begins in the middle of a connection.

local jitterball = Proto("jitterball", "Jitterball")

local MESSAGE_LIMIT_BYTES = 65536
local CLOSE_LENGTH = 0xFFFFFFFF
local DEFAULT_PORT = 7777
local DEPTH_LIMIT = 8

-- The fields of each record in order. A name behind a colon is the record that the field holds;
-- in brackets, an array of them. The names are those of the page docs/protocol.md.
local RECORDS = {
    Hello = { "payload:JoinRequest", "nonce", "slot_id", "last_event" },
    Challenge = { "nonce", "salt", "requires_password", "public_key" },
    Proof = { "password_proof", "token_proof", "public_key" },
    Welcome = {
        "token", "resumed", "last_event", "payload:JoinResponse", "slot_id", "password_proof",
    },
    JoinRequest = {
        "name", "room", "watch", "snapshot_hz", "team", "nagle", "unreliable_events", "deltas",
    },
    JoinResponse = {
        "player_id", "room", "tick_hz", "snapshot_ticks", "half_s", "score", "roster:Roster",
        "deltas",
    },
    Snapshot = {
        "tick", "time_s", "late_s", "phase", "half", "clock_s", "score", "kickoff_team", "swapped",
        "ball", "players", "pitch_size",
    },
    Delta = { "tick", "baseline_ticks", "time_error_us", "late_us", "changes" },
    RosterEntry = {
        "player_id", "name", "team", "is_bot", "goals", "transport", "assists", "own_goals",
    },
    Roster = { "tick", "entries:[RosterEntry]" },
    PlayerJoined = { "tick", "name" },
    PlayerLeft = { "tick", "name" },
    Kicked = { "tick", "player_id" },
    Bounced = { "tick", "strength", "is_post" },
    Goal = { "tick", "team", "scorer_id", "own_goal", "score" },
    PhaseChanged = { "tick", "phase", "half" },
    Notice = { "tick", "text" },
    ReportsRequested = { "tick", "interval_s" },
    LinkChanged = { "tick", "settings", "seed" },
    TransportRequested = { "tick", "transport" },
    BlindTest = { "tick", "stage", "choices" },
    ChatLine = { "tick", "name", "text" },
    PauseChanged = { "tick", "is_paused", "name" },
    LimitsChanged = { "tick", "half_s", "goal_limit", "pitch_size" },
    ReadyPlayers = { "tick", "ready", "awaited" },
    RoomRequest = { "action", "text" },
    ClientReport = {
        "device", "transports", "measured_s", "rtt_s", "jitter_s", "age_s", "age_p95_s",
        "frozen_ratio", "longest_freeze_s", "stalls", "loss_ratio", "visual_error",
        "visual_error_p95", "frame_gap_p99_s",
    },
}
-- The kind of an event is its index, from 0.
local EVENTS = {
    [0] = "Roster", "PlayerJoined", "PlayerLeft", "Kicked", "Bounced", "Goal", "PhaseChanged",
    "Notice", "ReportsRequested", "LinkChanged", "TransportRequested", "BlindTest",
    "ChatLine", "PauseChanged", "LimitsChanged", "ReadyPlayers",
}

local fields = {
    kind = ProtoField.string("jitterball.kind", "Message"),
    datagram = ProtoField.string("jitterball.datagram", "Datagram"),
    from = ProtoField.string("jitterball.from", "From"),
    connection = ProtoField.bytes("jitterball.connection", "Connection id"),
    seq = ProtoField.uint16("jitterball.seq", "Sequence number"),
    ack = ProtoField.uint16("jitterball.ack", "Ack"),
    ack_bits = ProtoField.uint32("jitterball.ack_bits", "Ack bitfield", base.HEX),
    lane = ProtoField.uint8("jitterball.lane", "Lane"),
    encrypted = ProtoField.bool("jitterball.encrypted", "Encrypted"),
    body = ProtoField.bytes("jitterball.body", "Body"),
    segment = ProtoField.uint16("jitterball.segment", "Segment number"),
    more = ProtoField.bool("jitterball.more", "Continues in the next segment"),
    fragment = ProtoField.uint8("jitterball.fragment", "Fragment"),
    fragments = ProtoField.uint8("jitterball.fragments", "Count of fragments"),
    length = ProtoField.uint32("jitterball.length", "Length"),
    version = ProtoField.uint8("jitterball.version", "Version"),
    nonce = ProtoField.bytes("jitterball.nonce", "Nonce"),
    cookie = ProtoField.bytes("jitterball.cookie", "Cookie"),
    token = ProtoField.bytes("jitterball.token", "Token"),
    t1 = ProtoField.double("jitterball.t1", "t1: ping sent (s)"),
    t2 = ProtoField.double("jitterball.t2", "t2: ping received (s)"),
    t3 = ProtoField.double("jitterball.t3", "t3: pong sent (s)"),
    text = ProtoField.string("jitterball.text", "Text"),
    event_number = ProtoField.uint32("jitterball.event_number", "Event number"),
    event = ProtoField.string("jitterball.event", "Event"),
    player = ProtoField.uint8("jitterball.player", "Own player"),
    last_input = ProtoField.uint32("jitterball.last_input", "Last input used"),
    waiting = ProtoField.uint8("jitterball.inputs_waiting", "Inputs waiting"),
    snapshot = ProtoField.string("jitterball.newest_snapshot", "Newest snapshot"),
    newest = ProtoField.string("jitterball.newest_input", "Newest input"),
    input = ProtoField.string("jitterball.input", "Input"),
}
local record_fields = {}
local all_fields = {}
for _, field in pairs(fields) do
    all_fields[#all_fields + 1] = field
end
for record, names in pairs(RECORDS) do
    record_fields[record] = {}
    for index, spec in ipairs(names) do
        local name = spec:match("^[%w_]+")
        local field = ProtoField.string("jitterball." .. record .. "." .. name, name)
        record_fields[record][index] = field
        all_fields[#all_fields + 1] = field
    end
end
jitterball.fields = all_fields

local unreadable = ProtoExpert.new(
    "jitterball.unreadable", "This is no message of Jitterball",
    expert.group.MALFORMED, expert.severity.WARN)
jitterball.experts = { unreadable }

-- Values. A node has ``at`` and ``size`` in the message, and ``items`` or ``text``. Both readers
-- return nil for what they cannot read; nothing here raises an error.

local function node(at, size, text, items)
    return { at = at, size = size, text = text, items = items }
end

local read_msgpack

local function read_msgpack_items(data, start, at, count, depth)
    local items = {}
    for index = 1, count do
        local item, after = read_msgpack(data, at, depth + 1)
        if not item then return nil end
        items[index], at = item, after
    end
    return node(start, at - start, nil, items), at
end

local MSGPACK_INTEGERS = {
    [0xCC] = "uint8", [0xCD] = "uint16", [0xCE] = "uint32", [0xCF] = "uint64",
    [0xD0] = "int8", [0xD1] = "int16", [0xD2] = "int32", [0xD3] = "int64",
}
local INTEGER_BYTES = { 1, 2, 4, 8 }

local function unsigned(data, at, size)
    if at + size > data:len() then return nil end
    return data:range(at, size):uint()
end

-- Reads the value at ``at``; returns its node and the position after it.
function read_msgpack(data, at, depth)
    local total = data:len()
    if at >= total or depth > DEPTH_LIMIT then return nil end
    local code = data:range(at, 1):uint()
    local function scalar(size, text) return node(at, size, text), at + size end
    local function sized(header, length, show)
        if not length or at + header + length > total then return nil end
        if length == 0 then return scalar(header, "") end
        return scalar(header + length, show(data:range(at + header, length)))
    end
    local function as_text(range) return range:string(ENC_UTF_8) end
    local function as_hex(range) return range:bytes():tohex(true) end
    if code < 0x80 then return scalar(1, tostring(code)) end
    if code >= 0xE0 then return scalar(1, tostring(code - 256)) end
    if code >= 0x90 and code <= 0x9F then
        return read_msgpack_items(data, at, at + 1, code - 0x90, depth)
    end
    if code >= 0xA0 and code <= 0xBF then return sized(1, code - 0xA0, as_text) end
    if code == 0xC0 then return scalar(1, "null") end
    if code == 0xC2 then return scalar(1, "false") end
    if code == 0xC3 then return scalar(1, "true") end
    if MSGPACK_INTEGERS[code] then
        local size = INTEGER_BYTES[(code - 0xCC) % 4 + 1]
        if at + 1 + size > total then return nil end
        local range, is_signed = data:range(at + 1, size), code >= 0xD0
        local value
        if size == 8 then
            value = is_signed and range:int64() or range:uint64()
        else
            value = is_signed and range:int() or range:uint()
        end
        return scalar(1 + size, tostring(value))
    end
    if code == 0xCB and at + 9 <= total then
        return scalar(9, string.format("%.9g", data:range(at + 1, 8):float()))
    end
    if code == 0xC4 then return sized(2, unsigned(data, at + 1, 1), as_hex) end
    if code == 0xC5 then return sized(3, unsigned(data, at + 1, 2), as_hex) end
    if code == 0xD9 then return sized(2, unsigned(data, at + 1, 1), as_text) end
    if code == 0xDA then return sized(3, unsigned(data, at + 1, 2), as_text) end
    if code == 0xDC then
        local count = unsigned(data, at + 1, 2)
        if not count or count > total then return nil end
        return read_msgpack_items(data, at, at + 3, count, depth)
    end
    return nil
end

local read_json

local function read_json_items(source, start, at, depth)
    local items = {}
    local closing = source:match("^%s*%]()", at)
    while not closing do
        local item, after = read_json(source, at, depth + 1)
        if not item then return nil end
        items[#items + 1] = item
        closing = source:match("^%s*%]()", after)
        at = source:match("^%s*,()", after)
        if not closing and not at then return nil end
    end
    return node(start - 1, closing - start, nil, items), closing
end

-- Reads the value at ``at``, counted from 1; returns its node and the position after it.
function read_json(source, at, depth)
    if depth > DEPTH_LIMIT then return nil end
    at = source:match("^%s*()", at)
    local first = source:sub(at, at)
    if first == "[" then return read_json_items(source, at, at + 1, depth) end
    local text, after
    if first == '"' then
        after = at + 1
        while true do
            local quote = source:find('[\\"]', after)
            if not quote then return nil end
            if source:sub(quote, quote) == '"' then
                text, after = source:sub(at + 1, quote - 1), quote + 1
                break
            end
            after = quote + 2
        end
    else
        text, after = source:match("^([%w%.%+%-]+)()", at)
        if not text then return nil end
    end
    return node(at - 1, after - at, text), after
end

-- Returns the node of an array that begins at ``at``. A codec is known by its first byte.
local function read_value(data, at)
    if at >= data:len() then return nil end
    if data:range(at, 1):uint() ~= 0x5B then return (read_msgpack(data, at, 0)) end
    local value = read_json(data:range(at):raw(), 1, 0)
    return value
end

local function text_of(value)
    if not value.items then return value.text end
    local texts = {}
    for index, item in ipairs(value.items) do
        texts[index] = text_of(item)
    end
    return "[" .. table.concat(texts, ", ") .. "]"
end

local function range_of(data, start, value)
    return data:range(start + value.at, math.max(value.size, 0))
end

-- Adds a record by the names of its fields. ``start`` is what JSON positions count from.
local function add_record(tree, data, start, value, record)
    if not value.items then return false end
    local whole = true
    for index, item in ipairs(value.items) do
        local spec = RECORDS[record][index]
        if spec then
            local range = range_of(data, start, item)
            local branch = tree:add(record_fields[record][index], range, text_of(item))
            local inner = spec:match(":(%w+)$")
            local each = spec:match(":%[(%w+)%]$")
            if inner then
                whole = add_record(branch, data, start, item, inner) and whole
            elseif each then
                for _, entry in ipairs(item.items or {}) do
                    local entry_range = range_of(data, start, entry)
                    whole = add_record(branch:add(entry_range, each), data, start, entry, each)
                        and whole
                end
            end
        end
    end
    return whole
end

local function add_value(tree, data, at, record)
    local value = read_value(data, at)
    if not value then return false end
    local start = data:range(at, 1):uint() == 0x5B and at or 0
    return add_record(tree, data, start, value, record)
end

-- Session and game messages. Each returns whether it could be read.

local function add_rest_as_text(tree, data)
    if data:len() > 1 then tree:add(fields.text, data:range(1), data:range(1):string(ENC_UTF_8)) end
    return true
end

local function add_times(tree, data, names)
    if data:len() ~= 1 + 8 * #names then return false end
    for index, name in ipairs(names) do
        tree:add(fields[name], data:range(1 + 8 * (index - 1), 8))
    end
    return true
end

local function add_event(tree, data)
    if data:len() < 6 then return false end
    tree:add(fields.event_number, data:range(1, 4))
    local value = read_value(data, 5)
    if not value or not value.items or #value.items < 2 then return false end
    local kind = tonumber(value.items[1].text or "")
    local record = kind and EVENTS[kind]
    -- A later version has more kinds.
    if not record then return kind ~= nil end
    tree:add(fields.event, data:range(5), record)
    local start = data:range(5, 1):uint() == 0x5B and 5 or 0
    return add_record(tree, data, start, value.items[2], record)
end

-- ``heads`` are the fields in front of the inputs.
local function inputs_adder(heads)
    return function(tree, data)
        local value = read_value(data, 2)
        if not value or not value.items or #value.items < 2 then return false end
        local start = data:range(2, 1):uint() == 0x5B and 2 or 0
        for index, item in ipairs(value.items) do
            local field = heads[index] or fields.input
            tree:add(field, range_of(data, start, item), text_of(item))
        end
        return true
    end
end

local function snapshot_adder(record)
    return function(tree, data)
        if data:len() < 9 then return false end
        tree:add(fields.player, data:range(2, 1))
        tree:add(fields.last_input, data:range(3, 4))
        tree:add(fields.waiting, data:range(7, 1))
        return add_value(tree, data, 8, record)
    end
end

local MESSAGES = {
    { "hello", function(tree, data)
        if data:len() < 3 then return false end
        tree:add(fields.version, data:range(1, 1))
        return add_value(tree, data, 2, "Hello")
    end },
    { "welcome", function(tree, data) return add_value(tree, data, 1, "Welcome") end },
    { "refuse", add_rest_as_text },
    { "ping", function(tree, data) return add_times(tree, data, { "t1" }) end },
    { "pong", function(tree, data) return add_times(tree, data, { "t1", "t2", "t3" }) end },
    { "close", add_rest_as_text },
    { "event", add_event },
    { "application", nil },
    { "challenge", function(tree, data) return add_value(tree, data, 1, "Challenge") end },
    { "proof", function(tree, data) return add_value(tree, data, 1, "Proof") end },
}
local APPLICATION = 8
local GAME_MESSAGES = {
    { "input", inputs_adder({ fields.newest }) },
    { "snapshot", snapshot_adder("Snapshot") },
    { "delta", snapshot_adder("Delta") },
    { "acknowledged input", inputs_adder({ fields.snapshot, fields.newest }) },
    { "report", function(tree, data) return add_value(tree, data, 2, "ClientReport") end },
    { "vote", function(tree, data)
        local value = read_value(data, 2)
        return value ~= nil and value.items ~= nil and #value.items > 0
    end },
    { "room request", function(tree, data) return add_value(tree, data, 2, "RoomRequest") end },
}

local function message_entry(data)
    if data:len() == 0 then return nil end
    local kind = data:range(0, 1):uint()
    if kind ~= APPLICATION then return MESSAGES[kind] end
    return data:len() > 1 and GAME_MESSAGES[data:range(1, 1):uint()] or nil
end

-- ``names`` collects the names of the packet's messages for the column Info.
local function add_message(tree, data, names)
    local entry = message_entry(data)
    local name = entry and entry[1] or "unknown"
    local range = data:len() > 0 and data:range(0) or nil
    local branch = range and tree:add(fields.kind, range, name) or tree
    names[#names + 1] = name
    if not entry or not entry[2](branch, data) then
        branch:add_proto_expert_info(unreadable)
    end
end

-- Datagrams

local KINDS = { [0] = "ack", "close", "reliable" }
local OPENINGS = {
    { "hello", 1200 }, { "challenge", 33 }, { "response", 33 }, { "accept", 9 }, { "reset", 9 },
    { "path_challenge", 17 }, { "path_response", 17 },
}
local HEADER_BYTES, TAG_BYTES = 17, 16

-- A capture of an emulated link has two interfaces, and what was lost is on the sender's only.
local interface_id = Field.new("frame.interface_id")

-- Segments that continue in the next, by interface, connection, direction and number.
local parts = {}
-- Messages with missing fragments, by the same and the number of their first fragment.
local unfinished = {}
-- Messages of several fragments, by the frame that completed each.
local wholes = {}
function jitterball.init() parts, unfinished, wholes = {}, {}, {} end

-- Returns the name, lane and encryption of a numbered datagram's kind; nil for none.
local function numbered_kind(code)
    local side = code - code % 0x40
    local kind = code % 0x40
    if side ~= 0x40 and side ~= 0x80 then return nil end
    local encrypted = kind % 0x10 >= 8
    if encrypted then kind = kind - 8 end
    if KINDS[kind] then return KINDS[kind], nil, encrypted end
    if kind >= 0x10 and kind < 0x18 then return "latest", kind - 0x10, encrypted end
    if kind >= 0x20 and kind < 0x28 then return "fragment", kind - 0x20, encrypted end
    return nil
end

-- Returns the whole message that ends with this segment, nil if a part of it is not known.
local function joined(key, number, payload)
    local bytes, is_joined = payload:bytes(), false
    for back = 1, 0x10000 do
        local before = parts[key .. ((number - back) % 0x10000)]
        if not before then break end
        bytes, is_joined = before .. bytes, true
    end
    return is_joined and bytes:tvb("Message of several segments") or payload:tvb()
end

local function add_segments(tree, body, key, names)
    local at = 0
    while at + 4 <= body:len() do
        local number = body:range(at, 2):uint()
        local code = body:range(at + 2, 2):uint()
        local length, more = code % 0x8000, code >= 0x8000
        if at + 4 + length > body:len() then break end
        local branch = tree:add(body:range(at, 4 + length), "Segment " .. number)
        branch:add(fields.segment, body:range(at, 2))
        branch:add(fields.more, body:range(at + 2, 2), more)
        branch:add(fields.length, body:range(at + 2, 2), length)
        if length > 0 then
            local payload = body:range(at + 4, length)
            if more then
                parts[key .. number] = payload:bytes()
                names[#names + 1] = "part"
            else
                add_message(branch, joined(key, number, payload), names)
            end
        end
        at = at + 4 + length
    end
    if at ~= body:len() then tree:add_proto_expert_info(unreadable) end
end

-- Keeps the fragment in ``body``; a message that it completes is in ``wholes``.
local function keep_fragment(body, key, number, frame)
    local index, count = body:range(0, 1):uint(), body:range(1, 1):uint()
    if index >= count then return end
    local name = key .. ((number - index) % 0x10000)
    local message = unfinished[name]
    if not message or message.count ~= count then
        message = { count = count, missing = count, bodies = {} }
        unfinished[name] = message
    end
    if message.bodies[index] then return end
    message.bodies[index] = body:range(2):bytes()
    message.missing = message.missing - 1
    if message.missing > 0 then return end
    local whole = message.bodies[0]
    for after = 1, count - 1 do
        whole = whole .. message.bodies[after]
    end
    wholes[frame], unfinished[name] = whole, nil
end

local function add_fragment(tree, data, key, pinfo, names)
    local body = data:range(HEADER_BYTES):tvb()
    tree:add(fields.fragment, body:range(0, 1))
    tree:add(fields.fragments, body:range(1, 1))
    -- Wireshark dissects a frame again when it is chosen, in any order.
    if not pinfo.visited then keep_fragment(body, key, data:range(9, 2):uint(), pinfo.number) end
    local whole = wholes[pinfo.number]
    if whole then add_message(tree, whole:tvb("Message of several fragments"), names) end
end

local function add_body(tree, data, kind, key, pinfo, names)
    if data:len() == HEADER_BYTES then return end
    local range = data:range(HEADER_BYTES)
    local body = range:tvb()
    if kind == "latest" then
        add_message(tree, body, names)
    elseif kind == "reliable" then
        add_segments(tree, body, key, names)
    elseif kind == "fragment" and body:len() > 2 then
        add_fragment(tree, data, key, pinfo, names)
    else
        tree:add(fields.body, range)
    end
end

local function add_numbered(tree, data, pinfo, names)
    local code = data:range(0, 1):uint()
    local kind, lane, encrypted = numbered_kind(code)
    local from = code < 0x80 and "client" or "server"
    tree:add(fields.datagram, data:range(0, 1), kind)
    tree:add(fields.from, data:range(0, 1), from)
    tree:add(fields.encrypted, data:range(0, 1), encrypted)
    if lane then tree:add(fields.lane, data:range(0, 1), lane) end
    tree:add(fields.connection, data:range(1, 8))
    tree:add(fields.seq, data:range(9, 2))
    tree:add(fields.ack, data:range(11, 2))
    tree:add(fields.ack_bits, data:range(13, 4))
    if encrypted then
        if data:len() > HEADER_BYTES then tree:add(fields.body, data:range(HEADER_BYTES)) end
        names[#names + 1] = kind .. ", encrypted"
        return
    end
    if kind ~= "latest" then names[#names + 1] = kind end
    local interface = interface_id()
    local side = interface and tostring(interface) or ""
    local key = table.concat({ side, data:range(1, 8):bytes():tohex(), from, "" }, " ")
    add_body(tree, data, kind, key, pinfo, names)
end

local function add_opening(tree, data, _, names)
    local code = data:range(0, 1):uint()
    local name = OPENINGS[code][1]
    names[#names + 1] = name
    tree:add(fields.datagram, data:range(0, 1), name)
    if code == 1 then
        tree:add(fields.version, data:range(5, 1))
        tree:add(fields.nonce, data:range(6, 8))
    elseif code <= 3 then
        tree:add(fields.nonce, data:range(1, 8))
        tree:add(fields.connection, data:range(9, 8))
        tree:add(fields.cookie, data:range(17, 16))
    else
        tree:add(fields.connection, data:range(1, 8))
        if code >= 6 then tree:add(fields.token, data:range(9, 8)) end
    end
end

local function is_opening(data)
    local opening = OPENINGS[data:range(0, 1):uint()]
    if not opening or opening[2] ~= data:len() then return false end
    return opening[1] ~= "hello" or data:range(1, 4):string() == "JITR"
end

local function begin(data, pinfo, root)
    pinfo.cols.protocol = "Jitterball"
    return root:add(jitterball, data:range(0))
end

local function show(pinfo, names)
    pinfo.cols.info = table.concat(names, ", ")
end

local function dissect_datagram(data, pinfo, root)
    if data:len() == 0 then return 0 end
    local opening = is_opening(data)
    if not opening then
        if data:len() < HEADER_BYTES or not numbered_kind(data:range(0, 1):uint()) then return 0 end
    end
    local names = {}
    local add = opening and add_opening or add_numbered
    add(begin(data, pinfo, root), data, pinfo, names)
    show(pinfo, names)
    return data:len()
end

-- Tells whether a numbered datagram is plausible, for other protocols use UDP too.
local function is_numbered(data)
    if data:len() < HEADER_BYTES then return false end
    local kind, _, encrypted = numbered_kind(data:range(0, 1):uint())
    if not kind then return false end
    local body_bytes = data:len() - HEADER_BYTES
    if encrypted then return body_bytes >= TAG_BYTES end
    if kind == "ack" then return body_bytes == 0 end
    if kind == "close" then return body_bytes == 1 and data:range(HEADER_BYTES, 1):uint() <= 1 end
    if kind == "latest" then
        return body_bytes > 0 and message_entry(data:range(HEADER_BYTES):tvb()) ~= nil
    end
    if kind == "fragment" then return body_bytes > 2 end
    return body_bytes > 4
end

jitterball:register_heuristic("udp", function(data, pinfo, root)
    if data:len() == 0 or not (is_opening(data) or is_numbered(data)) then return false end
    pinfo.conversation = jitterball
    return dissect_datagram(data, pinfo, root) > 0
end)

-- Streams

local function frame_length(data, _, at)
    local length = data:range(at, 4):uint()
    if length == CLOSE_LENGTH or length > MESSAGE_LIMIT_BYTES then return 4 end
    return 4 + length
end

-- The names of the messages of one packet: it may hold several frames.
local function dissect_frame(data, pinfo, root)
    local tree = begin(data, pinfo, root)
    local names = {}
    local length = data:range(0, 4):uint()
    tree:add(fields.length, data:range(0, 4))
    if length == CLOSE_LENGTH then
        tree:add(fields.kind, data:range(0, 4), "close frame")
        names[1] = "close frame"
    elseif length > MESSAGE_LIMIT_BYTES then
        tree:add_proto_expert_info(unreadable)
    elseif length > 0 and data:len() > 4 then
        add_message(tree, data:range(4):tvb(), names)
    end
    show(pinfo, names)
    return data:len()
end

local function dissect_stream(data, pinfo, root)
    dissect_tcp_pdus(data, root, 4, frame_length, dissect_frame)
    return data:len()
end

jitterball:register_heuristic("tcp", function(data, pinfo, root)
    if data:len() < 6 then return false end
    local length = data:range(0, 4):uint()
    if length == 0 or length > MESSAGE_LIMIT_BYTES then return false end
    if not message_entry(data:range(4):tvb()) then return false end
    pinfo.conversation = jitterball
    dissect_stream(data, pinfo, root)
    return true
end)

-- Wireshark itself undoes the framing and the mask of WebSocket.
jitterball:register_heuristic("ws", function(data, pinfo, root)
    if not message_entry(data) then return false end
    local names = {}
    add_message(begin(data, pinfo, root), data, names)
    show(pinfo, names)
    return true
end)

-- A TLS record: its type, 20 to 23, and the version's first byte (RFC 8446, section 5.1). No frame
-- of ours begins so, for it would be longer than any message.
local function is_tls(data)
    local first = data:range(0, 1):uint()
    return data:len() > 1 and first >= 20 and first <= 23 and data:range(1, 1):uint() == 3
end

-- Called for a conversation that was recognised, for the default port, and for "Decode As".
function jitterball.dissector(data, pinfo, root)
    -- 3 is UDP, 2 is TCP.
    if pinfo.port_type == 3 then return dissect_datagram(data, pinfo, root) end
    -- Wireshark's own TLS then shows it.
    if is_tls(data) then return 0 end
    return dissect_stream(data, pinfo, root)
end

DissectorTable.get("udp.port"):add(DEFAULT_PORT, jitterball)
DissectorTable.get("tcp.port"):add(DEFAULT_PORT, jitterball)
