"""Time that a client gets to join: longer over a long path.  [pure]"""

from net.link.profile import Link

# Over the worst of links a handshake needs several retransmissions.
JOIN_TIMEOUT_S = 15.0
# A first attempt may be too short for a long path. The second over UDP takes four round trips more.
JOIN_ROUND_TRIPS = 6
# Over a longer path nobody joins: the session gives up a peer that is silent for 10 s.
ROUND_TRIP_MAX_S = 5.0


def join_timeout_s(round_trip_s: float) -> float:
    """Return the time to join over a path with this round trip, in seconds."""
    return JOIN_TIMEOUT_S + JOIN_ROUND_TRIPS * min(round_trip_s, ROUND_TRIP_MAX_S)


def emulated_round_trip_s(link: Link | None) -> float:
    """Return the round trip that an emulated link adds, in seconds; 0 without one."""
    profiles = (link.up, link.down) if link else ()
    return sum(profile.delay_s + profile.jitter_s for profile in profiles)
