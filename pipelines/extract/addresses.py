"""Where a source may be asked: its own hosts, or the places that stand in for them."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from pipelines.extract.errors import OurRequest
from pipelines.sources import Source

_PORTS = {"https": 443, "http": 80}


def segment(text: str) -> str:
    """A name from a source as one step of a path. Raises OurRequest where it is none."""
    if text in ("", ".", ".."):
        raise OurRequest(f"{text!r} cannot be part of an address")
    return quote(text, safe="")


@dataclass(frozen=True, slots=True)
class Place:
    """One host of a source: its name on paper, and where it is really asked."""

    host: str
    base: str

    def holds(self, url: str) -> bool:
        """Whether a prepared address still leads here: same scheme, host, port and folder."""
        folder, path = urlsplit(self.base).path + "/", urlsplit(url).path
        climbs = {".", ".."} & set(path.split("/"))
        return _origin(self.base) == _origin(url) and path.startswith(folder) and not climbs


def places(source: Source, at: Mapping[str, str] | None) -> dict[str, Place]:
    """The allow-list: every host of the source. Raises OurRequest for any other."""
    at = at or {}
    strangers = sorted(set(at) - set(source.hosts))
    if strangers:
        raise OurRequest(f"{source.name} has no host {strangers[0]!r}")
    made = {host: Place(host, at.get(host, f"https://{host}").rstrip("/")) for host in source.hosts}
    for place in made.values():
        _check(place)
    return made


def _check(place: Place) -> None:
    scheme, host, _ = _origin(place.base)
    if scheme not in _PORTS or not host or urlsplit(place.base).username is not None:
        raise OurRequest(f"{place.host} cannot be asked at such an address")
    if scheme == "http" and not _is_this_machine(host):
        raise OurRequest(f"{place.host} would be asked without encryption on another machine")


def _origin(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
