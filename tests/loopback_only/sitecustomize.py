"""On the path of every process that tests start: connections leave this machine for nowhere."""

import socket
from typing import Any

_connect = socket.socket.connect


def connect(self: socket.socket, address: Any) -> None:
    """As before for loopback and local sockets; refused for every other address."""
    if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
        raise ConnectionRefusedError(f"tests talk to loopback only, not to {address[0]}")
    _connect(self, address)


socket.socket.connect = connect  # type: ignore[method-assign]
