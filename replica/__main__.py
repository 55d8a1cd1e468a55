"""`python -m replica`: a market served as its sources serve it, on the loopback address."""

import argparse
import json
import sys
import threading
from pathlib import Path

from replica.clock import iso, to_ms
from replica.market import Market
from replica.recorded import RecordedMarket
from replica.rows import CACHE_MIB
from replica.server import Replica


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m replica", description=__doc__)
    parser.add_argument("--market", required=True, help="recorded:DIR or simulated[:SEED]")
    parser.add_argument("--size", choices=("small", "full", "wide"), default="full")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--now", help="where the clock starts, an ISO instant")
    parser.add_argument("--scale", type=float, default=1.0, help="limits refill faster by this")
    parser.add_argument("--faults", type=Path, help="a JSON list of faults")
    parser.add_argument("--captures", type=Path, help="where to write captured frames first")
    parser.add_argument("--cache-mib", type=int, default=CACHE_MIB, help="of rendered answers")
    parser.add_argument("--flood", type=float, default=0.0, help="frames a second on each socket")
    parser.add_argument("--until-stdin-closes", action="store_true")
    return parser.parse_args(words)


def _market(words: argparse.Namespace) -> Market:
    kind, _, detail = words.market.partition(":")
    match kind:
        case "recorded" if (Path(detail) / "manifest.json").is_file():
            return RecordedMarket(Path(detail))
        case "recorded":
            raise SystemExit(f"replica: no manifest.json in {detail or 'the folder given'}")
        case "simulated" if detail.isdigit() or not detail:
            return _simulated(int(detail or 1), words)
    raise SystemExit("replica: --market is recorded:DIR or simulated[:SEED], SEED a number")


def _simulated(seed: int, words: argparse.Namespace) -> Market:
    # Imported here: a recorded market needs none of it.
    from replica.captures import write_captures
    from replica.simulated.world import World
    from replica.views.market import SimulatedMarket

    world = World(seed, words.size)
    if words.captures:
        now_ms = to_ms(words.now) if words.now else world.now_ms
        write_captures(world, words.captures, now_ms)
    return SimulatedMarket(world)


def _sockets(server: Replica, market: Market, flood: float) -> dict[str, str]:
    """The feeds of a simulated market; a recorded one has none."""
    if market.kind != "simulated":
        return {}
    from replica.sockets import Sockets
    from replica.views.market import SimulatedMarket

    assert isinstance(market, SimulatedMarket)
    server.control.sockets = Sockets(market.world, server.clock, flood=flood)
    return server.control.sockets.hosts


def main(words: list[str] | None = None) -> None:
    given = _arguments(words)
    if given.scale <= 0:
        raise SystemExit("replica: --scale must be greater than 0")
    market = _market(given)
    now_ms = to_ms(given.now) if given.now else None
    server = Replica(market, now_ms, given.scale, given.port, given.cache_mib)
    if given.faults:
        server.read_faults(given.faults)
    ready = {
        "port": server.server_port,
        "now": iso(server.clock.start_ms),
        "hosts": server.hosts(),
        "sockets": _sockets(server, market, given.flood),
    }
    print(json.dumps(ready, separators=(",", ":")), flush=True)
    if given.until_stdin_closes:
        threading.Thread(target=_stop_with_stdin, args=(server,), daemon=True).start()
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        server.server_close()


def _stop_with_stdin(server: Replica) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    server.shutdown()


if __name__ == "__main__":
    main()
