"""Packets of a simulated match over a lossy link, the same in each run."""

from functools import cache

from game.lab.simulate.simulation import SimulationSettings, simulate
from game.view.packet_lane.recent_packets import FlowPackets, LanePacket, LanePackets, PacketHistory
from net.link.packet_log import Flow, FlowLog, LogRecord
from net.link.profile import Link, LinkProfile, RelayProtocol
from net.transport import Address

SEED = 7
SECONDS = 8.0
_SERVER, _CLIENT = Address("127.0.0.1", 7777), Address("127.0.0.1", 40000)
_PROFILE = LinkProfile(delay_s=0.025, loss_ratio=0.08)


@cache
def records(name: str) -> tuple[LogRecord, ...]:
    """Return the log of ``tcp`` or ``udp``."""
    return _records()[name]


@cache
def _records() -> dict[str, tuple[LogRecord, ...]]:
    logged: dict[str, list[LogRecord]] = {"tcp": [], "udp": []}
    settings = SimulationSettings(Link(_PROFILE, _PROFILE), seed=SEED, seconds=SECONDS - 2.0)
    simulate(settings, lambda name, record: logged[name].append(record))
    return {name: tuple(each) for name, each in logged.items()}


def flow_log(name: str, number: int = 0) -> FlowLog:
    """Return the log as that of one flow of a relay."""
    protocol = RelayProtocol.TCP if name == "tcp" else RelayProtocol.UDP
    return FlowLog(Flow(protocol, number, _CLIENT, _SERVER), records(name))


@cache
def packets(name: str) -> LanePackets:
    """Return all packets of the match."""
    history = PacketHistory()
    history.add([flow_log(name)], 0.0, SECONDS)
    return history.packets()


@cache
def flow(name: str) -> FlowPackets:
    """Return all packets of the match's only flow."""
    (only,) = packets(name).flows
    return only


def sent(name: str) -> list[LanePacket]:
    """Return the packets of both directions in the order of sending."""
    return sorted((*flow(name).down, *flow(name).up), key=lambda packet: packet.sent_at)
