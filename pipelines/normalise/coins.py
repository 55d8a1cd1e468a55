"""One spelling for every coin: XBT is BTC, and 1000PEPE is a thousand PEPE."""

import re

# Venues that keep the ISO-like code of the first coin: Kraken, KuCoin, BitMEX.
_OTHER_NAMES = {"XBT": "BTC", "XDG": "DOGE"}
# Coins whose own name begins with a power of ten.
_NOT_MULTIPLES = {"1000X", "10000000AIDOGE"}
# Multiples whose number stands behind the name.
_NUMBER_LAST = {"SHIB1000": ("SHIB", 1000)}
_DIGITS = re.compile(r"^(10{2,})([A-Z][A-Z0-9]*)$")
_THOUSAND = re.compile(r"^k([A-Z][A-Z0-9]*)$")
_MILLION = re.compile(r"^1M([A-Z][A-Z0-9]{2,})$")


def coin_of(base: str) -> tuple[str, int]:
    """The coin behind a base asset, and how many of it one unit of the base is."""
    if base in _NOT_MULTIPLES:
        return base, 1
    if base in _NUMBER_LAST:
        return _NUMBER_LAST[base]
    if found := _DIGITS.match(base):
        return _OTHER_NAMES.get(found[2], found[2]), int(found[1])
    if found := _THOUSAND.match(base):
        return _OTHER_NAMES.get(found[1], found[1]), 1000
    if found := _MILLION.match(base):
        return found[1], 1_000_000
    return _OTHER_NAMES.get(base, base), 1
