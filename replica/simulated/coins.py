"""The coins of the simulated market: first price, how they move, how much they are traded."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Coin:
    """`beta` is the sensitivity to the market; `own_vol` is a fraction per year."""

    name: str
    price_usd: float
    beta: float
    own_vol: float
    weight: float
    order_usd: float
    packed: bool = False
    new: bool = False


# Prices are round inventions near the levels of recent years. `packed` coins are so cheap
# that some venues list a thousand of them as one unit; `new` ones start trading in the
# second week.
COINS: Final = (
    Coin("BTC", 104_800.0, 1.00, 0.06, 0.190, 8_200.0),
    Coin("ETH", 3_780.0, 1.30, 0.22, 0.165, 5_600.0),
    Coin("SOL", 184.0, 1.45, 0.34, 0.080, 3_300.0),
    Coin("XRP", 2.46, 1.35, 0.36, 0.052, 2_300.0),
    Coin("DOGE", 0.196, 1.55, 0.40, 0.045, 1_900.0),
    Coin("PEPE", 0.00000712, 1.75, 0.52, 0.026, 1_300.0, packed=True),
    Coin("BNB", 1_085.0, 1.05, 0.28, 0.024, 2_600.0),
    Coin("ADA", 0.638, 1.45, 0.36, 0.022, 1_500.0),
    Coin("SUI", 2.51, 1.60, 0.48, 0.024, 1_600.0),
    Coin("LINK", 17.6, 1.50, 0.38, 0.020, 1_700.0),
    Coin("AVAX", 19.4, 1.50, 0.40, 0.016, 1_400.0),
    Coin("HYPE", 46.2, 1.45, 0.60, 0.020, 2_100.0),
    Coin("LTC", 96.4, 1.25, 0.34, 0.012, 1_500.0),
    Coin("BCH", 552.0, 1.25, 0.36, 0.009, 1_600.0),
    Coin("DOT", 3.02, 1.45, 0.38, 0.010, 1_100.0),
    Coin("TRX", 0.296, 0.70, 0.26, 0.007, 1_200.0),
    Coin("TON", 2.11, 1.35, 0.38, 0.008, 1_000.0),
    Coin("SHIB", 0.0000101, 1.50, 0.40, 0.010, 1_000.0, packed=True),
    Coin("BONK", 0.0000147, 1.75, 0.56, 0.009, 900.0, packed=True),
    Coin("FLOKI", 0.0000681, 1.70, 0.54, 0.006, 800.0, packed=True),
    Coin("WIF", 0.512, 1.80, 0.58, 0.012, 1_000.0),
    Coin("NEAR", 2.27, 1.55, 0.44, 0.010, 1_100.0),
    Coin("APT", 3.24, 1.50, 0.44, 0.009, 1_000.0),
    Coin("ARB", 0.311, 1.60, 0.44, 0.011, 1_000.0),
    Coin("OP", 0.442, 1.60, 0.46, 0.010, 950.0),
    Coin("INJ", 8.46, 1.60, 0.48, 0.008, 950.0),
    Coin("SEI", 0.192, 1.60, 0.50, 0.008, 900.0),
    Coin("TIA", 1.02, 1.65, 0.54, 0.009, 900.0),
    Coin("ATOM", 3.08, 1.40, 0.38, 0.007, 950.0),
    Coin("FIL", 1.54, 1.50, 0.42, 0.009, 950.0),
    Coin("ETC", 15.8, 1.35, 0.36, 0.008, 1_100.0),
    Coin("XLM", 0.302, 1.35, 0.40, 0.008, 1_000.0),
    Coin("HBAR", 0.181, 1.45, 0.46, 0.009, 1_000.0),
    Coin("ICP", 4.62, 1.45, 0.50, 0.007, 950.0),
    Coin("UNI", 6.12, 1.50, 0.42, 0.009, 1_100.0),
    Coin("AAVE", 226.0, 1.50, 0.44, 0.010, 1_400.0),
    Coin("CRV", 0.518, 1.60, 0.50, 0.008, 900.0),
    Coin("LDO", 0.903, 1.60, 0.48, 0.006, 850.0),
    Coin("ENA", 0.414, 1.70, 0.58, 0.012, 1_100.0),
    Coin("ONDO", 0.702, 1.55, 0.48, 0.008, 950.0),
    Coin("WLD", 0.836, 1.60, 0.54, 0.009, 950.0),
    Coin("FET", 0.262, 1.65, 0.54, 0.007, 850.0),
    Coin("RENDER", 2.43, 1.60, 0.50, 0.006, 850.0),
    Coin("JUP", 0.402, 1.60, 0.50, 0.006, 800.0),
    Coin("PYTH", 0.108, 1.60, 0.52, 0.005, 750.0),
    Coin("GALA", 0.0104, 1.65, 0.50, 0.006, 750.0),
    Coin("SAND", 0.204, 1.50, 0.46, 0.005, 750.0),
    Coin("ALGO", 0.181, 1.40, 0.44, 0.005, 800.0),
    Coin("VET", 0.0171, 1.45, 0.42, 0.004, 750.0),
    Coin("ZEC", 352.0, 1.10, 0.95, 0.016, 1_800.0),
    Coin("PENGU", 0.0182, 1.80, 0.64, 0.009, 850.0),
    Coin("FARTCOIN", 0.352, 1.95, 0.74, 0.010, 900.0),
    Coin("LINEA", 0.0131, 1.70, 0.78, 0.004, 700.0, new=True),
    Coin("MONAD", 0.0462, 1.75, 0.85, 0.006, 800.0, new=True),
)
