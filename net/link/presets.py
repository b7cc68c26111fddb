"""Ready-made links, with where their figures come from.  [pure]

All are one-way, and round: they stand for a kind of link, not for anybody's. Where studies are
named, they give the order of magnitude of delay and loss; the jitter, the rates and the queues are
then chosen to be typical of what is sold, and are nobody's measurement.
"""

from net.link.profile import Link, LinkProfile

_MBIT = 1_000_000.0


def _symmetric(name: str, profile: LinkProfile) -> tuple[str, Link]:
    return name, Link.symmetric(profile, name)


PRESETS: dict[str, Link] = dict(
    [
        # One switch between two computers: a ping of 0.3 to 0.5 ms is usual on gigabit Ethernet,
        # and nothing is lost.
        _symmetric("lan", LinkProfile(delay_s=0.0002, rate_bps=1000 * _MBIT, queue_s=0.01)),
        # Fibre to the home. The FCC's "Measuring Broadband America" reports (2011 on, yearly) find
        # idle round trips of about 10 to 15 ms and mostly less than 0.1% loss.
        _symmetric(
            "fiber",
            LinkProfile(
                delay_s=0.006,
                jitter_s=0.0005,
                jitter_is_normal=True,
                loss_ratio=0.0005,
                rate_bps=500 * _MBIT,
                queue_s=0.03,
            ),
        ),
        # Cable television's network (DOCSIS). The same reports: round trips of about 15 to 30 ms.
        # The sender has to ask for a slot, so more jitter; the modem's queue up is long.
        (
            "cable",
            Link(
                LinkProfile(
                    delay_s=0.011,
                    jitter_s=0.002,
                    jitter_is_normal=True,
                    loss_ratio=0.001,
                    rate_bps=20 * _MBIT,
                    queue_s=0.2,
                ),
                LinkProfile(
                    delay_s=0.011,
                    jitter_s=0.001,
                    jitter_is_normal=True,
                    loss_ratio=0.001,
                    rate_bps=200 * _MBIT,
                ),
                "cable",
            ),
        ),
        # ADSL2+ with interleaving. The same reports: round trips of about 25 to 45 ms; the rates
        # are those of a common contract, of ITU-T G.992.5's 24 and 1.4 Mbit/s at best.
        (
            "dsl",
            Link(
                LinkProfile(
                    delay_s=0.018,
                    jitter_s=0.001,
                    jitter_is_normal=True,
                    loss_ratio=0.002,
                    rate_bps=1 * _MBIT,
                    queue_s=0.4,
                ),
                LinkProfile(
                    delay_s=0.018,
                    jitter_s=0.001,
                    jitter_is_normal=True,
                    loss_ratio=0.002,
                    rate_bps=16 * _MBIT,
                ),
                "dsl",
            ),
        ),
        # A good home wireless network in front of a fast line. Chosen by us: Wi-Fi resends frames
        # itself, so that trouble shows as jitter first, and little is lost, but in runs.
        _symmetric(
            "wifi",
            LinkProfile(
                delay_s=0.01,
                jitter_s=0.003,
                jitter_is_normal=True,
                loss_ratio=0.005,
                burst=2.0,
                rate_bps=50 * _MBIT,
            ),
        ),
        # A hall in which everybody has a laptop open: waiting for the air, and collisions. Chosen
        # by us, to be what a class complains of.
        _symmetric(
            "wifi-crowded",
            LinkProfile(
                delay_s=0.015,
                jitter_s=0.012,
                jitter_is_normal=True,
                loss_ratio=0.03,
                burst=4.0,
                rate_bps=10 * _MBIT,
                queue_s=0.2,
            ),
        ),
        # LTE. Operators' and regulators' reports find round trips of about 40 to 60 ms; 45 ms of
        # latency and 0.2% loss stand for 4G in Loadero's table of network conditions as well.
        # Its radio resends too, and its queues are long.
        (
            "4g",
            Link(
                LinkProfile(
                    delay_s=0.025,
                    jitter_s=0.008,
                    jitter_is_normal=True,
                    loss_ratio=0.005,
                    burst=2.0,
                    rate_bps=10 * _MBIT,
                    queue_s=0.3,
                ),
                LinkProfile(
                    delay_s=0.025,
                    jitter_s=0.006,
                    jitter_is_normal=True,
                    loss_ratio=0.005,
                    burst=2.0,
                    rate_bps=30 * _MBIT,
                    queue_s=0.3,
                ),
                "4g",
            ),
        ),
        # HSPA. Loadero's table has 150 ms, 10 ms of jitter and 0.5% loss for 3.5G; we take half of
        # it each way, and rates of a bad place.
        (
            "3g",
            Link(
                LinkProfile(
                    delay_s=0.075,
                    jitter_s=0.015,
                    jitter_is_normal=True,
                    loss_ratio=0.01,
                    burst=3.0,
                    rate_bps=0.5 * _MBIT,
                    queue_s=0.8,
                ),
                LinkProfile(
                    delay_s=0.075,
                    jitter_s=0.01,
                    jitter_is_normal=True,
                    loss_ratio=0.01,
                    burst=3.0,
                    rate_bps=3 * _MBIT,
                    queue_s=0.8,
                ),
                "3g",
            ),
        ),
        # Low orbit. Studies of Starlink ("A browser-side view of Starlink connectivity", IMC 2022,
        # and others since) find round trips of about 30 to 60 ms that change every 15 s, and losses
        # in runs, at handovers. The link here has the runs, not the 15 s.
        (
            "satellite-leo",
            Link(
                LinkProfile(
                    delay_s=0.022,
                    jitter_s=0.006,
                    jitter_is_normal=True,
                    loss_ratio=0.01,
                    burst=8.0,
                    rate_bps=10 * _MBIT,
                    queue_s=0.2,
                ),
                LinkProfile(
                    delay_s=0.022,
                    jitter_s=0.006,
                    jitter_is_normal=True,
                    loss_ratio=0.01,
                    burst=8.0,
                    rate_bps=100 * _MBIT,
                    queue_s=0.2,
                ),
                "satellite-leo",
            ),
        ),
        # Geostationary orbit: 35,786 km up and down again is 239 ms at the speed of light, before
        # anybody has waited for a slot.
        (
            "satellite",
            Link(
                LinkProfile(
                    delay_s=0.3,
                    jitter_s=0.01,
                    jitter_is_normal=True,
                    loss_ratio=0.005,
                    burst=3.0,
                    rate_bps=3 * _MBIT,
                    queue_s=0.5,
                ),
                LinkProfile(
                    delay_s=0.3,
                    jitter_s=0.005,
                    jitter_is_normal=True,
                    loss_ratio=0.005,
                    burst=3.0,
                    rate_bps=25 * _MBIT,
                    queue_s=0.3,
                ),
                "satellite",
            ),
        ),
        # The lesson's own: nothing but delay and independent loss, as much of both as makes TCP's
        # head-of-line blocking plain to see. One of the cells that the kernel was measured in.
        _symmetric("lossy", LinkProfile(delay_s=0.025, loss_ratio=0.05)),
        # Everything at once, made up: what still has to work.
        _symmetric(
            "awful",
            LinkProfile(
                delay_s=0.12,
                jitter_s=0.04,
                jitter_is_normal=True,
                reorders=True,
                loss_ratio=0.1,
                burst=3.0,
                duplicate_ratio=0.01,
                rate_bps=1 * _MBIT,
                queue_s=0.5,
            ),
        ),
    ]
)
