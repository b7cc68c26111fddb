"""Link presets, with the sources of their values.  [pure]

The values are one-way and rounded. They stand for a kind of link, not for a measured one. Where a
study is named, it gives the order of magnitude of delay and loss. Jitter, rates and queues are our
choice, typical of products on sale.
"""

from net.link.profile import Link, LinkProfile

__all__ = ["PRESETS"]

_MBIT = 1_000_000.0


def _symmetric(name: str, profile: LinkProfile) -> tuple[str, Link]:
    return name, Link.symmetric(profile, name)


PRESETS: dict[str, Link] = dict(
    [
        # One switch between two computers. A ping of 0.3 to 0.5 ms is usual on gigabit Ethernet.
        # No packet is lost.
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
        # Cable television network (DOCSIS). The same reports: round trips of about 15 to 30 ms.
        # The sender must request a slot, so there is more jitter upwards. The modem has a long
        # queue.
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
        # ADSL2+ with interleaving. The same reports: round trips of about 25 to 45 ms. The rates
        # are those of a common contract; ITU-T G.992.5 allows 24 and 1.4 Mbit/s at best.
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
        # A good home wireless network before a fast line. The values are our choice. Wi-Fi resends
        # frames itself, so bad radio shows as jitter first. Few packets are lost, but in runs.
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
        # A lecture hall full of laptops, which wait for a free channel and collide. The values are
        # our choice.
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
        # LTE. Operators' and regulators' reports find round trips of about 40 to 60 ms. Loadero's
        # table of network conditions has 45 ms of latency and 0.2% loss for 4G. The radio resends
        # too, and the queues are long.
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
        # HSPA. Loadero's table has 150 ms, 10 ms of jitter and 0.5% loss for 3.5G. Each direction
        # has half of the delay, and the rates of bad reception.
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
        # and later ones) find round trips of about 30 to 60 ms that change every 15 s. Losses come
        # in runs, at handovers. This link has the runs, but not the changes of delay.
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
        # Geostationary orbit. 35,786 km up and down again take 239 ms at the speed of light. The
        # wait for a slot comes on top.
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
        # The link of the lesson: only delay and independent loss. There is enough of both to see
        # TCP's head-of-line blocking. The kernel was measured with the same values.
        _symmetric("lossy", LinkProfile(delay_s=0.025, loss_ratio=0.05)),
        # All faults at once, as a stress test. The values are our choice.
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
