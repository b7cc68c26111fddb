"""Texts of the window in English and Spanish.  [pure]

Each text is a required field, so a language that lacks one fails on import.
"""

from dataclasses import dataclass

from net.link.label import ENGLISH_LINK_WORDS, SPANISH_LINK_WORDS, LinkWords


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts in one language. ``str.format`` fills in the names in braces.

    ``link_words`` are those of the emulated link's label.
    """

    decimal_mark: str
    link_words: LinkWords

    first_half: str
    second_half: str
    kick_off: str
    half_time: str
    final: str
    goal: str
    own_goal: str
    scored_by: str
    own_goal_by: str
    own_goals_of: str
    orange: str
    sky: str
    orange_wins: str
    sky_wins: str
    draw: str
    next_match: str
    scorers: str
    assists: str
    joined: str
    left: str
    rtt: str
    snapshot_age: str
    milliseconds: str
    unknown: str
    no_data_for: str
    interrupted: str
    connecting: str
    lost: str
    closed: str
    refused: str
    ended: str
    watching: str
    switching: str
    ballot: str
    ballot_voted: str
    blind_truth: str
    blind_truth_without_vote: str
    now_over: str
    sound: str
    sound_on: str
    sound_off: str
    turn_sound_on: str
    turn_sound_off: str
    menu_title: str
    resume: str
    in_use: str
    quit: str
    is_on: str
    on: str
    off: str
    setting: str
    keys: str
    tagline: str
    percent: str
    kilobytes: str
    lag_buffer: str
    lag_gap: str
    lag_snapshots: str
    lag_rtt: str
    stat_age: str
    stat_p95: str
    stat_frozen: str
    stat_extrapolated: str
    stat_without_interpolation: str
    stat_stalls: str
    stat_error: str
    stat_units: str
    stat_jitter: str
    stat_lost: str
    stat_resent: str
    stat_never_shown: str
    stat_traffic: str
    frozen_for: str
    was_frozen_for: str
    extrapolated: str
    ordered_stream: str
    ordered_stream_short: str
    independent_packets: str
    independent_packets_short: str
    stream_loss: str
    stream_loss_short: str
    stream_frozen: str
    stream_frozen_short: str
    datagram_loss: str
    datagram_loss_short: str
    burst_after_stall: str
    burst_after_stall_short: str
    no_data: str
    no_data_short: str
    ball_error: str
    you_play: str
    bot_plays: str
    bot_plays_here: str
    corrections: str
    ghosts_delayed: str
    score_from_events: str
    input_to_all: str
    input_to: str
    ghosts_off: str
    ghosts_render_time: str
    ghosts_present: str
    trails: str
    lagometer: str
    details: str
    help: str
    menu: str
    interpolation: str
    interpolation_off: str
    extrapolation: str
    prediction_off: str
    prediction_own: str
    prediction_ball: str
    reconciliation: str
    deltas: str
    burst: str
    nagle: str
    unreliable_events: str
    link_delay: str
    link_jitter: str
    link_loss: str
    link_burst: str
    link_rate: str
    no_limit: str
    megabits: str
    arrival_on_time: str
    arrival_late: str
    arrival_burst: str
    arrival_lost: str
    arrival_stale: str
    legend: str
    legend_buffered: str
    legend_starved: str
    legend_felt: str
    lane: str
    legend_snapshot: str
    legend_copy: str
    legend_hole: str
    legend_waiting: str
    legend_report: str
    legend_input: str
    legend_acknowledgement: str
    legend_other_data: str
    lane_server: str
    lane_no_link: str
    lane_no_space: str
    lane_player: str
    lane_waiting_one: str
    lane_waiting: str
    lane_crowd: str
    lane_snapshot: str
    event_lost: str
    event_lost_for_good: str
    event_lost_in_burst: str
    event_lost_in_queue: str
    event_copy_lost: str
    event_copy_lost_timer: str
    event_sent_together: str
    event_timer_runs: str
    event_hole_reported: str
    event_resent_fast: str
    event_resent_rack: str
    event_resent_probe: str
    event_resent_timeout: str
    event_hole_filled: str
    help_lane: str
    slow_motion: str
    slow_motion_title: str
    slow_motion_short: str
    slow_position: str
    slow_play: str
    slow_pause: str
    slow_frame_back: str
    slow_frame_on: str
    slow_slower: str
    slow_faster: str
    slow_close: str
    space_key: str
    stall_offer: str
    stall_offer_narrow: str
    help_slow_motion: str
    help_slow_bar: str
    help_slow_pause: str
    help_slow_frame_back: str
    help_slow_frame_on: str
    help_slow_slower: str
    help_slow_faster: str
    help_slow_close: str
    help_title: str
    help_close: str
    help_intro: str
    help_lagometer_title: str
    help_move: str
    help_focus: str
    help_switch: str
    help_ghosts: str
    help_trails: str
    help_lagometer: str
    help_details: str
    help_help: str
    help_menu: str
    help_resume: str
    help_keys: str
    help_quit: str
    help_leave: str
    help_play_over: str
    help_vote: str
    help_play_side: str
    help_watch: str
    help_pause: str
    help_go_on: str
    help_minutes: str
    help_goal_limit: str
    help_pitch: str
    help_sound: str
    help_interpolation: str
    help_interpolation_less: str
    help_interpolation_more: str
    help_extrapolation: str
    help_prediction: str
    help_reconciliation: str
    help_deltas: str
    help_preset_before: str
    help_preset: str
    help_preset_after: str
    help_burst: str
    help_link_delay: str
    help_link_jitter: str
    help_link_loss: str
    help_link_burst: str
    help_link_rate: str
    help_nagle: str
    help_unreliable_events: str
    goal_again: str
    goal_again_offer: str
    help_goal_again: str
    ready: str
    ready_count: str
    say_ready: str
    take_back_ready: str
    help_ready: str
    chat: str
    chat_hint: str
    help_chat: str
    paused: str
    paused_by: str
    play_orange: str
    play_sky: str
    watch: str
    pause: str
    limits: str
    no_goal_limit: str
    set_minutes: str
    set_goal_limit: str
    set_pitch: str
    next_pitch: str
    pitch_small: str
    pitch_medium: str
    pitch_large: str
    go_on: str
    lobby: str
    back_to_lobby: str
    lobby_games: str
    lobby_no_games: str
    lobby_you: str
    lobby_address: str
    lobby_join: str
    lobby_practise: str
    lobby_host: str
    lobby_compare: str
    lobby_name: str
    lobby_team: str
    lobby_any_team: str
    lobby_transport: str
    lobby_link: str
    lobby_no_link: str
    lobby_room: str
    lobby_main_room: str
    lobby_fingerprint: str
    lobby_no_fingerprint: str
    lobby_password: str
    lobby_no_password: str
    lobby_bots: str
    lobby_people: str
    lobby_rooms: str
    lobby_other_version: str
    lobby_type_address: str
    lobby_type_password: str
    lobby_starting: str
    lobby_hosting: str
    lobby_others_type: str
    lobby_play_here: str
    lobby_stop_hosting: str
    lobby_keys: str
    help_lobby: str
    clip_save: str
    help_clip_save: str
    clip_recording: str
    clip_saved: str
    clip_failed: str
    clip_needs_library: str
    first_minute_watch: str
    first_minute_moment: str
    first_minute_press: str
    first_minute_skip: str
    first_minute_close: str
    lessons: str
    help_lessons: str
    outage: str
    lesson_heading: str
    lesson_ask: str
    lesson_other: str
    lesson_other_in_order: str
    lesson_predicted: str
    lesson_time_left: str
    lesson_settles: str
    lesson_drains: str
    lesson_interrupted: str
    lesson_figures: str
    lesson_right: str
    lesson_wrong: str
    lesson_not_shown: str
    lesson_end: str
    lesson_end_hint: str
    lesson_next: str
    lesson_to_figures: str
    lesson_again: str
    lesson_back: str
    lesson_skip: str
    lesson_leave: str
    enter_key: str
    backspace_key: str
    page_down_key: str
    figure_frozen_percent: str
    figure_longest_freeze_ms: str
    figure_longest_gap_ms: str
    figure_age_median_ms: str
    figure_age_p95_ms: str
    figure_behind_ms: str
    figure_lost_packets: str
    figure_sent_again: str
    figure_events: str
    figure_goals: str

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with ``digits`` decimals, as the language writes it."""
        return f"{value:.{digits}f}".replace(".", self.decimal_mark)

    def switched(self, what: str, is_on: bool) -> str:
        """Return the words for a setting that is now on or off."""
        return self.setting.format(what=what, value=self.on if is_on else self.off)

    def short_number(self, value: float) -> str:
        """Return a number with at most three significant digits, as the language writes it."""
        return f"{value:.3g}".replace(".", self.decimal_mark)


ENGLISH = Texts(
    decimal_mark=".",
    link_words=ENGLISH_LINK_WORDS,
    first_half="1st half",
    second_half="2nd half",
    kick_off="Kick-off",
    half_time="Half-time",
    final="Full time",
    goal="GOAL!",
    own_goal="OWN GOAL",
    scored_by="{name}",
    own_goal_by="by {name}",
    own_goals_of="{name} {count} (own goal)",
    orange="Orange",
    sky="Sky",
    orange_wins="Orange wins",
    sky_wins="Sky wins",
    draw="A draw",
    next_match="The next match starts soon",
    scorers="Goals",
    assists="Assists",
    joined="{name} joined",
    left="{name} left",
    rtt="RTT",
    snapshot_age="snapshot age",
    milliseconds="{value} ms",
    unknown="–",  # noqa: RUF001 -- a dash is meant
    no_data_for="No data for {seconds} s",
    interrupted="Connection interrupted for {seconds} s",
    connecting="Connecting",
    lost="Connection lost",
    closed="The server has closed",
    refused="Could not join",
    ended="Disconnected",
    watching="spectator",
    switching="switching to {transport}",
    ballot="Which transport is yours?   {keys}",
    ballot_voted="Your vote: {transport}   {keys}",
    blind_truth="it was {transport}, and you voted {vote}",
    blind_truth_without_vote="it was {transport}",
    now_over="now using {transport}",
    sound="sound",
    sound_on="sound is on",
    sound_off="sound is off",
    turn_sound_on="turn the sound on",
    turn_sound_off="turn the sound off",
    menu_title="Jitterball",
    resume="Resume",
    in_use="{transport} (in use)",
    quit="Quit",
    is_on="{what}: on",
    on="on",
    off="off",
    setting="{what} {value}",
    keys="{run} or arrow keys: move   Space: kick   1 2 3: transport   {sound}: sound"
    "   F11: full screen",
    tagline="the same match over {transports}",
    percent="{value}%",
    kilobytes="{value} kB/s",
    lag_buffer="interpolation buffer",
    lag_gap="gap {value} ms",
    lag_snapshots="snapshot age on arrival",
    lag_rtt="RTT",
    stat_age="snapshot age",
    stat_p95="95% below {value}",
    stat_frozen="time frozen",
    stat_extrapolated="time extrapolated",
    stat_without_interpolation="no buffer without interpolation",
    stat_stalls="stalls per min: {count}",
    stat_error="ball position error",
    stat_units="units; 95% below {value}",
    stat_jitter="jitter {value}",
    stat_lost="lost on the wire",
    stat_resent="sent again: {count}",
    stat_never_shown="never shown",
    stat_traffic="↓ {down} ↑ {up}",
    frozen_for="FROZEN {value} ms",
    was_frozen_for="was frozen {value} ms",
    extrapolated="EXTRAPOLATED",
    ordered_stream="one ordered stream: data behind a lost packet waits for it",
    ordered_stream_short="all in order",
    independent_packets="independent packets: only the newest snapshot counts",
    independent_packets_short="newest one counts",
    stream_loss="packet lost: all data behind it waits until it is sent again",
    stream_loss_short="lost: sent again",
    stream_frozen="packet lost: the picture waits for it (head-of-line blocking)",
    stream_frozen_short="lost: everything waits",
    datagram_loss="packet lost: nothing waits, the next one replaces it",
    datagram_loss_short="lost: nothing waits",
    burst_after_stall="sent again: all the data that waited arrives at once",
    burst_after_stall_short="all at once",
    no_data="a gap between arrivals stops the picture",
    no_data_short="gap between arrivals",
    ball_error="{distance} off",
    you_play="you",
    bot_plays="bot (WASD or arrow keys: you play)",
    bot_plays_here="bot (Tab selects this panel)",
    corrections="{count} corrections, mean {size} px",
    ghosts_delayed="ghosts are delayed too",
    score_from_events="score from events: {score}",
    input_to_all="input: all",
    input_to="input: {transport}",
    ghosts_off="ghosts off",
    ghosts_render_time="ghosts: render time",
    ghosts_present="ghosts: server now",
    trails="ball trail",
    lagometer="lagometer",
    details="all figures",
    help="help",
    menu="menu",
    interpolation="interpolation {value} ms",
    interpolation_off="interpolation off",
    extrapolation="extrapolation",
    prediction_off="prediction off",
    prediction_own="prediction: own player",
    prediction_ball="prediction: player and ball",
    reconciliation="reconciliation",
    deltas="delta snapshots",
    burst="300 ms outage",
    nagle="Nagle",
    unreliable_events="unreliable events",
    link_delay="delay",
    link_jitter="jitter",
    link_loss="loss",
    link_burst="loss burst",
    link_rate="rate",
    no_limit="no limit",
    megabits="{value} Mbit/s",
    arrival_on_time="on time",
    arrival_late="late",
    arrival_burst="burst after a stall",
    arrival_lost="lost",
    arrival_stale="out of date: discarded",
    legend="snapshots:",
    legend_buffered="buffered",
    legend_starved="buffer empty",
    legend_felt="figure that a player notices",
    lane="packets",
    lane_no_space="no space for the packets: make the window larger",
    lane_no_link="packets are known on an emulated link only: start with --link",
    legend_snapshot="snapshot with its number",
    legend_copy="sent again",
    legend_hole="missing",
    legend_waiting="waits behind the hole",
    legend_report="reports the hole (SACK)",
    legend_input="input",
    legend_acknowledgement="acknowledgement",
    legend_other_data="other data",
    lane_server="server",
    lane_player="player",
    lane_waiting_one="1 packet waits behind it",
    lane_waiting="{count} packets wait behind it",
    lane_crowd="{count} packets",
    lane_snapshot="newest snapshot: {number}",
    event_lost="lost",
    event_lost_for_good="lost: nothing waits for it",
    event_lost_in_burst="lost: several in a row",
    event_lost_in_queue="lost: the queue is full",
    event_copy_lost="this copy was lost too",
    event_copy_lost_timer="this copy was lost too: now the timer, {value} ms",
    event_sent_together="{count} snapshots leave in one packet",
    event_timer_runs="the sender waits for its timer: {value} ms",
    event_hole_reported="the receiver reports the hole (SACK)",
    event_resent_fast="an acknowledgement showed the loss: sent again",
    event_resent_rack="RACK: sent again after {value} ms of doubt",
    event_resent_probe="probe: nothing was heard, so the newest is sent again",
    event_resent_timeout="the timer ran out after {value} ms: sent again",
    event_hole_filled="the hole is filled: {count} packets at once",
    help_lane="packets on the link, and those that wait behind a lost one",
    slow_motion="slow motion",
    slow_motion_short="SLOW MOTION",
    slow_motion_title="SLOW MOTION: the match goes on",
    slow_position="1/{divisor}   {seconds} s ago",
    slow_play="play on",
    slow_pause="pause",
    slow_frame_back="frame back",
    slow_frame_on="frame on",
    slow_slower="slower",
    slow_faster="faster",
    slow_close="back to the match",
    space_key="Space",
    stall_offer="a stall of {value} ms: {key} shows it slowly",
    stall_offer_narrow="{value} ms: {key} replays",
    help_slow_motion="play the longest recent stall again in slow motion",
    help_slow_bar="drag to any moment of the last ten seconds",
    help_slow_pause="pause, or play on",
    help_slow_frame_back="one frame back",
    help_slow_frame_on="one frame on",
    help_slow_slower="slower, down to 1/50",
    help_slow_faster="faster, up to 1/2",
    help_slow_close="back to the match, which has gone on",
    help_title="Jitterball: comparison",
    help_close="F1, Esc or a click closes this page",
    help_intro="The same match at the same time, over several transports and one emulated link.",
    help_lagometer_title="Lagometer: one column per snapshot, newest at the right;"
    " its height is the snapshot's age on arrival",
    help_move="or arrow keys: move; Space: kick. A bot plays while you do not",
    help_focus="send input to one panel or to all (or click a pitch)",
    help_switch="switch to {transport}: the panel with the input, else the first",
    help_ghosts="white outlines: server positions at render time, or server now",
    help_trails="where the ball was drawn in the last 2 s, one dot per frame",
    help_lagometer="show or hide the lagometers",
    help_details="all figures, sliders and lagometers, or only what a player feels",
    help_help="this page",
    help_menu="menu: sound, quit",
    help_resume="close the menu: the match has gone on",
    help_keys="the page with every key",
    help_quit="end the comparison and close the window",
    help_leave="leave this match",
    help_play_over="play on over {transport}, in the same place",
    help_vote="vote that yours is {transport}",
    help_play_side="play on this side, if the room has a place there",
    help_watch="leave your place and watch",
    help_pause="stop the match for everybody in the room",
    help_go_on="let the match go on for everybody",
    help_minutes="length of the match for everybody, both halves",
    help_goal_limit="the match ends when a team has so many goals",
    help_pitch="size of the pitch for everybody, from the next match on",
    help_sound="sound of the match",
    help_interpolation="draw between two snapshots, slightly in the past",
    help_interpolation_less="interpolate less",
    help_interpolation_more="interpolate more, up to 300 ms",
    help_extrapolation="continue motion without new data (up to 250 ms); off: freeze",
    help_prediction="show your input at once: off, own player, player and ball",
    help_reconciliation="replay your newest inputs on each server state",
    help_deltas="receive only what changed since a snapshot you have: half the bytes",
    help_preset_before="previous link preset",
    help_preset="the same link for all panels: {label}",
    help_preset_after="next link preset",
    help_burst="lose every packet for 300 ms",
    help_link_delay="delay of the link, one way",
    help_link_jitter="random variation of the delay",
    help_link_loss="share of packets that the link loses",
    help_link_burst="mean number of packets lost in a row",
    help_link_rate="bit rate of the link; what exceeds it waits in a queue",
    help_nagle="Nagle's algorithm: small messages wait for an acknowledgement",
    help_unreliable_events="send kicks and goals unreliably: over UDP some get lost",
    lobby="play with others",
    back_to_lobby="Back to the lobby",
    lobby_games="Games on this network",
    lobby_no_games="Looking for games on this network...",
    lobby_you="Your game",
    lobby_address="address",
    lobby_join="Join this address",
    lobby_practise="Practise with bots",
    lobby_host="Host a game",
    lobby_compare="Compare transports",
    lobby_name="name",
    lobby_team="team",
    lobby_any_team="the smaller one",
    lobby_transport="transport",
    lobby_link="emulated link",
    lobby_no_link="none",
    lobby_room="room",
    lobby_main_room="main room",
    lobby_fingerprint="fingerprint",
    lobby_no_fingerprint="only for TLS, as the server printed it",
    lobby_password="password",
    lobby_no_password="only if it needs one",
    lobby_bots="bots to host",
    lobby_people="players: {count}",
    lobby_rooms="rooms: {rooms}",
    lobby_other_version="another version of this program",
    lobby_type_address="Type the address of a server first",
    lobby_type_password="This game needs its password: type it and press Enter",
    lobby_starting="The server is starting...",
    lobby_hosting="Your game is open",
    lobby_others_type="Others find it in their lobby, or type:",
    lobby_play_here="Play",
    lobby_stop_hosting="Close the game for everybody",
    lobby_keys="arrow keys, mouse or gamepad: choose   Enter: go   type into the fields"
    "   Esc: back",
    help_lobby="find, join or host a game",
    clip_save="save",
    help_clip_save="save this slow motion as a film (MP4)",
    clip_recording="saving: it plays once from the beginning",
    clip_saved="saved as {file}",
    clip_failed="{file} cannot be written: {reason}; the film ends after {seconds} s",
    clip_needs_library="films need PyAV: python -m pip install av",
    first_minute_watch="All pitches show the same match at the same time. Watch what one lost"
    " packet does.",
    first_minute_moment="A packet was lost. TCP holds back all that follows until it has come"
    " again. UDP shows the next one.",
    first_minute_press="Now press B: the link loses everything for 300 ms. J shows it slowly,"
    " F7 opens lessons.",
    first_minute_skip="Any key: next step. Esc closes this guide.",
    first_minute_close="Any key closes this guide.",
    lessons="lessons",
    help_lessons="eight short lessons on what a network does to the match",
    outage="{value} ms outage",
    lesson_heading="Lesson {number} of {count}",
    lesson_ask="Your prediction: A, B or C",
    lesson_other="{name} is on screen too. The lesson is not about it.",
    lesson_other_in_order="{name} is on screen too. It delivers in order, as TCP does.",
    lesson_predicted="You predicted {answer}: {words}",
    lesson_time_left="{seconds} s left",
    lesson_settles="begins in {seconds} s, when the graphs show this lesson only",
    lesson_drains="begins when the queue of the link is empty",
    lesson_interrupted="goes on when the match does",
    lesson_figures="Figures of this run",
    lesson_right="You predicted {answer}, and this run shows it.",
    lesson_wrong="You predicted {answer}. This run shows {right}: {words}",
    lesson_not_shown="This run did not show the effect: another program may keep this computer"
    " busy. R runs it again.",
    lesson_end="That was the last lesson.",
    lesson_end_hint="In a comparison, all keys are yours: B loses packets, [ and ] choose a link,"
    " F1 lists the rest. The command jitterball compare opens one.",
    lesson_next="next",
    lesson_to_figures="to the figures",
    lesson_again="again",
    lesson_back="back",
    lesson_skip="skip",
    lesson_leave="leave",
    enter_key="Enter",
    backspace_key="Backspace",
    page_down_key="Page Down",
    figure_frozen_percent="time frozen",
    figure_longest_freeze_ms="longest freeze of the picture",
    figure_longest_gap_ms="longest gap between snapshots",
    figure_age_median_ms="snapshot age, half below (median)",
    figure_age_p95_ms="snapshot age, 95% below",
    figure_behind_ms="picture behind the server",
    figure_lost_packets="packets lost on the wire",
    figure_sent_again="packets sent again",
    figure_events="kicks and goals heard of",
    figure_goals="goals heard of",
    chat="write to the others",
    chat_hint="a line for everybody in this room; Enter sends it",
    help_chat="write a line to everybody in the room",
    paused="Match stopped",
    paused_by="by {name}",
    limits="A match lasts {minutes} min, goal limit: {goals}",
    no_goal_limit="none",
    set_minutes="make a match last {minutes} min",
    set_goal_limit="set the goal limit: {goals}",
    set_pitch="next pitch: {pitch}",
    next_pitch="Pitch of the next match: {pitch}",
    pitch_small="small",
    pitch_medium="medium",
    pitch_large="large",
    play_orange="play for Orange",
    play_sky="play for Sky",
    watch="watch without playing",
    pause="stop the match",
    go_on="let the match go on",
    goal_again="the goal again",
    goal_again_offer="{key}: the goal again in slow motion",
    help_goal_again="the last goal again, in slow motion",
    ready="ready to go on",
    ready_count="{ready} of {all} ready",
    say_ready="{key}: I am ready",
    take_back_ready="{key}: not yet",
    help_ready="you are ready to go on after half-time, full time or a pause",
)

SPANISH = Texts(
    decimal_mark=",",
    link_words=SPANISH_LINK_WORDS,
    first_half="1.ª parte",
    second_half="2.ª parte",
    kick_off="Saque inicial",
    half_time="Descanso",
    final="Final",
    goal="¡GOL!",
    own_goal="EN PROPIA PUERTA",
    scored_by="{name}",
    own_goal_by="de {name}",
    own_goals_of="{name} {count} (en propia)",
    orange="Naranja",
    sky="Celeste",
    orange_wins="Gana el naranja",
    sky_wins="Gana el celeste",
    draw="Empate",
    next_match="El próximo partido empieza pronto",
    scorers="Goles",
    assists="Asistencias",
    joined="{name} ha entrado",
    left="{name} ha salido",
    rtt="RTT",
    snapshot_age="edad del snapshot",
    milliseconds="{value} ms",
    unknown="–",  # noqa: RUF001 -- a dash is meant
    no_data_for="Sin datos desde hace {seconds} s",
    interrupted="Conexión interrumpida desde hace {seconds} s",
    connecting="Conectando",
    lost="Conexión perdida",
    closed="El servidor ha cerrado",
    refused="No se pudo entrar",
    ended="Desconectado",
    watching="espectador",
    switching="cambiando a {transport}",
    ballot="¿Qué transporte es el tuyo?   {keys}",
    ballot_voted="Tu voto: {transport}   {keys}",
    blind_truth="era {transport}, y votaste {vote}",
    blind_truth_without_vote="era {transport}",
    now_over="ahora usa {transport}",
    sound="sonido",
    sound_on="el sonido está activado",
    sound_off="el sonido está desactivado",
    turn_sound_on="activar el sonido",
    turn_sound_off="desactivar el sonido",
    menu_title="Jitterball",
    resume="Seguir",
    in_use="{transport} (en uso)",
    quit="Salir",
    is_on="{what}: sí",
    on="sí",
    off="no",
    setting="{what}: {value}",
    keys="{run} o flechas: mover   Espacio: chutar   1 2 3: transporte   {sound}: sonido"
    "   F11: pantalla completa",
    tagline="el mismo partido por {transports}",
    percent="{value} %",
    kilobytes="{value} kB/s",
    lag_buffer="búfer de interpolación",
    lag_gap="hueco {value} ms",
    lag_snapshots="edad del snapshot al llegar",
    lag_rtt="RTT",
    stat_age="edad del snapshot",
    stat_p95="95 % < {value}",
    stat_frozen="tiempo congelado",
    stat_extrapolated="tiempo extrapolado",
    stat_without_interpolation="sin búfer: no hay interpolación",
    stat_stalls="paradas por min: {count}",
    stat_error="error del balón",
    stat_units="unidades; 95 % < {value}",
    stat_jitter="jitter {value}",
    stat_lost="perdidos en la red",
    stat_resent="reenviados: {count}",
    stat_never_shown="no mostrados",
    stat_traffic="↓ {down} ↑ {up}",
    frozen_for="CONGELADO {value} ms",
    was_frozen_for="estuvo congelado {value} ms",
    extrapolated="EXTRAPOLADO",
    ordered_stream="un flujo ordenado: lo que sigue a una pérdida espera",
    ordered_stream_short="todo en orden",
    independent_packets="paquetes independientes: solo cuenta el snapshot más nuevo",
    independent_packets_short="cuenta el último",
    stream_loss="paquete perdido: lo que sigue espera a que se reenvíe",
    stream_loss_short="perdido: se reenvía",
    stream_frozen="paquete perdido: la imagen lo espera (head-of-line blocking)",
    stream_frozen_short="perdido: todo espera",
    datagram_loss="paquete perdido: nada espera, el siguiente lo reemplaza",
    datagram_loss_short="perdido: nada espera",
    burst_after_stall="reenviado: llega de golpe todo lo que esperaba",
    burst_after_stall_short="todo de golpe",
    no_data="un hueco entre llegadas detiene la imagen",
    no_data_short="hueco entre llegadas",
    ball_error="error {distance}",
    you_play="tú",
    bot_plays="bot (WASD o flechas: juegas tú)",
    bot_plays_here="bot (Tab elige este panel)",
    corrections="{count} correcciones, media {size} px",
    ghosts_delayed="los fantasmas también llegan tarde",
    score_from_events="marcador según eventos: {score}",
    input_to_all="teclas: todos",
    input_to="teclas: {transport}",
    ghosts_off="sin fantasmas",
    ghosts_render_time="fantasmas: al dibujar",
    ghosts_present="fantasmas: servidor ahora",
    trails="estela del balón",
    lagometer="lagómetro",
    details="todas las cifras",
    help="ayuda",
    menu="menú",
    interpolation="interpolación {value} ms",
    interpolation_off="sin interpolación",
    extrapolation="extrapolación",
    prediction_off="sin predicción",
    prediction_own="predicción: tu jugador",
    prediction_ball="predicción: jugador y balón",
    reconciliation="reconciliación",
    deltas="snapshots delta",
    burst="corte de 300 ms",
    nagle="Nagle",
    unreliable_events="eventos sin garantía",
    link_delay="retardo",
    link_jitter="jitter",
    link_loss="pérdida",
    link_burst="ráfaga",
    link_rate="tasa",
    no_limit="sin límite",
    megabits="{value} Mbit/s",
    arrival_on_time="a tiempo",
    arrival_late="tarde",
    arrival_burst="ráfaga tras una parada",
    arrival_lost="perdido",
    arrival_stale="obsoleto: descartado",
    legend="snapshots:",
    legend_buffered="en el búfer",
    legend_starved="búfer vacío",
    legend_felt="cifra que se nota al jugar",
    lane="paquetes",
    lane_no_space="no hay sitio para los paquetes: agranda la ventana",
    lane_no_link="los paquetes solo se conocen en un enlace emulado: empieza con --link",
    legend_snapshot="snapshot con su número",
    legend_copy="reenviado",
    legend_hole="falta",
    legend_waiting="espera tras el hueco",
    legend_report="avisa del hueco (SACK)",
    legend_input="teclas",
    legend_acknowledgement="acuse de recibo",
    legend_other_data="otros datos",
    lane_server="servidor",
    lane_player="jugador",
    lane_waiting_one="1 paquete espera detrás",
    lane_waiting="{count} paquetes esperan detrás",
    lane_crowd="{count} paquetes",
    lane_snapshot="último snapshot: {number}",
    event_lost="perdido",
    event_lost_for_good="perdido: nada lo espera",
    event_lost_in_burst="perdido: varios seguidos",
    event_lost_in_queue="perdido: la cola está llena",
    event_copy_lost="esta copia también se perdió",
    event_copy_lost_timer="esta copia también se perdió: ahora el temporizador, {value} ms",
    event_sent_together="{count} snapshots salen en un paquete",
    event_timer_runs="el emisor espera a su temporizador: {value} ms",
    event_hole_reported="el receptor avisa del hueco (SACK)",
    event_resent_fast="un acuse de recibo mostró la pérdida: se reenvía",
    event_resent_rack="RACK: se reenvía tras {value} ms de duda",
    event_resent_probe="sonda: no se oye nada, se reenvía lo último",
    event_resent_timeout="el temporizador venció a los {value} ms: se reenvía",
    event_hole_filled="hueco relleno: {count} paquetes de golpe",
    help_lane="los paquetes del enlace y los que esperan tras uno perdido",
    slow_motion="cámara lenta",
    slow_motion_short="CÁMARA LENTA",
    slow_motion_title="CÁMARA LENTA: el partido sigue",
    slow_position="1/{divisor}   hace {seconds} s",
    slow_play="seguir",
    slow_pause="pausa",
    slow_frame_back="fotograma atrás",
    slow_frame_on="fotograma siguiente",
    slow_slower="más lento",
    slow_faster="más rápido",
    slow_close="volver al partido",
    space_key="Espacio",
    stall_offer="una parada de {value} ms: {key} la muestra despacio",
    stall_offer_narrow="{value} ms: {key} repite",
    help_slow_motion="repetir la parada reciente más larga a cámara lenta",
    help_slow_bar="arrastra a cualquier momento de los últimos diez segundos",
    help_slow_pause="pausar o seguir",
    help_slow_frame_back="un fotograma atrás",
    help_slow_frame_on="un fotograma adelante",
    help_slow_slower="más lento, hasta 1/50",
    help_slow_faster="más rápido, hasta 1/2",
    help_slow_close="volver al partido, que ha seguido",
    help_title="Jitterball: comparación",
    help_close="F1, Esc o un clic cierra esta página",
    help_intro="El mismo partido a la vez, por varios transportes y el mismo enlace emulado.",
    help_lagometer_title="Lagómetro: una columna por snapshot, el más nuevo a la derecha;"
    " su altura es la edad al llegar",
    help_move="o flechas: mover; Espacio: chutar. Un bot juega si no lo haces tú",
    help_focus="enviar las teclas a un panel o a todos (o clic en un campo)",
    help_switch="cambiar a {transport}: el panel con las teclas, o el primero",
    help_ghosts="contornos blancos: posiciones del servidor, al dibujar o ahora",
    help_trails="dónde se dibujó el balón en los últimos 2 s, un punto por fotograma",
    help_lagometer="mostrar u ocultar los lagómetros",
    help_details="todas las cifras, deslizadores y lagómetros, o solo lo que se nota",
    help_help="esta página",
    help_menu="menú: sonido, salir",
    help_resume="cerrar el menú: el partido ha seguido",
    help_keys="la página con todas las teclas",
    help_quit="terminar la comparación y cerrar la ventana",
    help_leave="dejar este partido",
    help_play_over="seguir por {transport}, en el mismo puesto",
    help_vote="votar que el tuyo es {transport}",
    help_play_side="jugar en este lado, si la sala tiene sitio en él",
    help_watch="dejar tu puesto y mirar",
    help_pause="parar el partido para todos los de la sala",
    help_go_on="seguir con el partido para todos",
    help_minutes="duración del partido para todos, las dos partes",
    help_goal_limit="el partido acaba cuando un equipo tiene esos goles",
    help_pitch="tamaño del campo para todos, desde el próximo partido",
    help_sound="sonido del partido",
    help_interpolation="dibujar entre dos snapshots, un poco en el pasado",
    help_interpolation_less="interpolar menos",
    help_interpolation_more="interpolar más, hasta 300 ms",
    help_extrapolation="continuar el movimiento sin datos (hasta 250 ms); si no, congelar",
    help_prediction="mostrar ya tus teclas: no, tu jugador, jugador y balón",
    help_reconciliation="repetir tus últimas teclas sobre cada estado del servidor",
    help_deltas="recibir solo lo que cambió desde un snapshot que tienes: la mitad de bytes",
    help_preset_before="perfil de enlace anterior",
    help_preset="el mismo enlace para todos los paneles: {label}",
    help_preset_after="perfil de enlace siguiente",
    help_burst="perder todos los paquetes durante 300 ms",
    help_link_delay="retardo del enlace, por sentido",
    help_link_jitter="variación aleatoria del retardo",
    help_link_loss="parte de los paquetes que el enlace pierde",
    help_link_burst="media de paquetes perdidos seguidos",
    help_link_rate="tasa de bits del enlace; lo que la supera espera en una cola",
    help_nagle="algoritmo de Nagle: los mensajes pequeños esperan un acuse de recibo",
    help_unreliable_events="enviar tiros y goles sin garantía: por UDP algunos se pierden",
    lobby="jugar con otros",
    back_to_lobby="Volver a la sala de espera",
    lobby_games="Partidos en esta red",
    lobby_no_games="Buscando partidos en esta red...",
    lobby_you="Tu partido",
    lobby_address="dirección",
    lobby_join="Entrar en esta dirección",
    lobby_practise="Practicar con bots",
    lobby_host="Abrir un partido",
    lobby_compare="Comparar transportes",
    lobby_name="nombre",
    lobby_team="equipo",
    lobby_any_team="el que tiene menos",
    lobby_transport="transporte",
    lobby_link="enlace emulado",
    lobby_no_link="ninguno",
    lobby_room="sala",
    lobby_main_room="sala principal",
    lobby_fingerprint="huella",
    lobby_no_fingerprint="solo para TLS; la imprime el servidor",
    lobby_password="contraseña",
    lobby_no_password="solo si la pide",
    lobby_bots="bots al abrir",
    lobby_people="jugadores: {count}",
    lobby_rooms="salas: {rooms}",
    lobby_other_version="otra versión de este programa",
    lobby_type_address="Escribe primero la dirección de un servidor",
    lobby_type_password="Este partido pide su contraseña: escríbela y pulsa Intro",
    lobby_starting="El servidor está empezando...",
    lobby_hosting="Tu partido está abierto",
    lobby_others_type="Otros lo encuentran en su sala de espera, o escriben:",
    lobby_play_here="Jugar",
    lobby_stop_hosting="Cerrar el partido para todos",
    lobby_keys="flechas, ratón o mando: elegir   Intro: adelante   escribe en los campos"
    "   Esc: atrás",
    help_lobby="buscar, entrar en o abrir un partido",
    clip_save="guardar",
    help_clip_save="guardar esta cámara lenta como película (MP4)",
    clip_recording="guardando: se ve una vez desde el principio",
    clip_saved="guardado como {file}",
    clip_failed="{file} no se puede escribir: {reason}; la película termina a los {seconds} s",
    clip_needs_library="las películas necesitan PyAV: python -m pip install av",
    first_minute_watch="Todos los campos muestran el mismo partido a la vez. Mira lo que hace"
    " un paquete perdido.",
    first_minute_moment="Se perdió un paquete. TCP retiene todo lo que sigue hasta que llegue"
    " otra vez. UDP muestra el siguiente.",
    first_minute_press="Ahora pulsa B: el enlace lo pierde todo durante 300 ms. J lo muestra"
    " despacio, F7 abre lecciones.",
    first_minute_skip="Cualquier tecla: paso siguiente. Esc cierra esta guía.",
    first_minute_close="Cualquier tecla cierra esta guía.",
    lessons="lecciones",
    help_lessons="ocho lecciones breves sobre lo que una red hace al partido",
    outage="corte de {value} ms",
    lesson_heading="Lección {number} de {count}",
    lesson_ask="Tu predicción: A, B o C",
    lesson_other="También se ve {name}. La lección no trata de él.",
    lesson_other_in_order="También se ve {name}. Entrega en orden, como TCP.",
    lesson_predicted="Predijiste {answer}: {words}",
    lesson_time_left="quedan {seconds} s",
    lesson_settles="empieza en {seconds} s, cuando las gráficas sean de esta lección",
    lesson_drains="empieza cuando se vacíe la cola del enlace",
    lesson_interrupted="sigue cuando siga el partido",
    lesson_figures="Cifras de esta vez",
    lesson_right="Predijiste {answer}, y esta vez se ha visto.",
    lesson_wrong="Predijiste {answer}. Esta vez se ha visto {right}: {words}",
    lesson_not_shown="Esta vez no se ha visto el efecto: puede que otro programa ocupe este"
    " ordenador. R la repite.",
    lesson_end="Esa era la última lección.",
    lesson_end_hint="En una comparación mandas tú: B pierde paquetes, [ y ] eligen un enlace y F1"
    " muestra lo demás. La abre el comando jitterball compare.",
    lesson_next="siguiente",
    lesson_to_figures="a las cifras",
    lesson_again="otra vez",
    lesson_back="atrás",
    lesson_skip="saltar",
    lesson_leave="salir",
    enter_key="Intro",
    backspace_key="Retroceso",
    page_down_key="Av Pág",
    figure_frozen_percent="tiempo congelado",
    figure_longest_freeze_ms="imagen quieta, lo más largo",
    figure_longest_gap_ms="mayor hueco entre snapshots",
    figure_age_median_ms="edad del snapshot, mitad menor (mediana)",
    figure_age_p95_ms="edad del snapshot, 95 % menor",
    figure_behind_ms="imagen tras el servidor",
    figure_lost_packets="paquetes perdidos en la red",
    figure_sent_again="paquetes reenviados",
    figure_events="chuts y goles de los que se supo",
    figure_goals="goles de los que se supo",
    chat="escribir a los demás",
    chat_hint="una línea para todos en esta sala; Intro la envía",
    help_chat="escribir una línea a todos los de la sala",
    paused="Partido parado",
    paused_by="por {name}",
    limits="El partido dura {minutes} min, goles máx.: {goals}",
    no_goal_limit="no",
    set_minutes="jugar partidos de {minutes} min",
    set_goal_limit="fijar goles máx.: {goals}",
    set_pitch="próximo campo: {pitch}",
    next_pitch="Campo del próximo partido: {pitch}",
    pitch_small="pequeño",
    pitch_medium="mediano",
    pitch_large="grande",
    play_orange="jugar con el naranja",
    play_sky="jugar con el celeste",
    watch="mirar sin jugar",
    pause="parar el partido",
    go_on="seguir con el partido",
    goal_again="el gol otra vez",
    goal_again_offer="{key}: el gol otra vez a cámara lenta",
    help_goal_again="el último gol otra vez, a cámara lenta",
    ready="listo para seguir",
    ready_count="listos: {ready} de {all}",
    say_ready="{key}: ya estoy",
    take_back_ready="{key}: aún no",
    help_ready="ya puedes seguir tras el descanso, el final o una pausa",
)

LANGUAGES = {"en": ENGLISH, "es": SPANISH}


def texts_for(language: str) -> Texts:
    """Return the texts for a code such as ``es`` or ``es_AR.UTF-8``; English if unknown."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)
