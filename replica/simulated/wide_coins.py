"""Further coins, for a market as wide as a large venue: invented names, small and lively."""

import math
from typing import Final

import numpy as np

from replica.simulated.coins import Coin
from replica.simulated.draws import Draws

NAMES: Final = (  # parted by blanks
    "ABRA AERIS AKITU ALTRA AMBRO ANKRA AQUON ARDEN ARVO ASTRI ATLO AURIX AVELO AXIA AZURO "
    "BALTO BANQ BASIN BEAMR BELUX BINTO BLYTH BOLTA BORON BRAID BRIX BULKA BYTEX CALDO CANTU "
    "CARVA CELTA CHIRP CINDR CLOVE COBRA CORTO CRUX CUBIT CYGNO DAKOT DARTH DELOS DEXIO DINGO "
    "DOLMA DRAKE DRIFA DUNIX DYNO EBON ECHOX EDENA ELARA ELIXR EMBER ENVOX EPOKA ERGON ETHNA "
    "EVOKE FABLE FALCO FARO FERRA FIZZ FLARA FLINT FOLIO FORGE FROGO FUSIO GALEX GEMMA GENIX "
    "GLYPH GNOMA GOFUN GRAIL GRIT GUILD GUSTO HALCY HAVEN HELIA HIVEX HOLLO HUMMA HYDRA HYPNO "
    "IBEX ICARO IGNIS INDRA INKA IONIX IRIDA ISLET IVORY JADEX JETTO JOLT JUNIP KAIRO KALDI KARMO "
    "KELPO KIRIN KNOTX KODEX KRILL LARKO LATTE LEMUR LIBRO LINGO LOOMX LOTUS LUMNA LYRIC MACRO "
    "MANTL MAPLX MARLO MEERK MELOS METEO MIRTH MISTO MOCHI MORFO MURAL MYRTL NADIR NEBLA NIMBO "
    "NOVAE NYMPH OASIX OBOLO ODINO OMBRE ONYXA OPALO ORBIX ORCAX OTTER PALMA PANDO PAXOR PERLA "
    "PIVOT PLUMX POLYA PRISM QUARK QUILL RALIX RAVNA RELIC RIDGE ROOST RUNIX SABLE SAVVY SIGNO "
    "SLATE SOLIX SPARO TALON TERRN TIDAL TORUS TULIP UMBRA VELLO VISTA "
    "VORTA WAGMO WHALR WINDO WISPA XENIA XILO YARRO YETIX YONDA ZEBRO ZENIX ZEPHY ZINCO ZODIA ZULUX"
)

# The least of the known coins weighs 0.004; each of these less, in the order of their names.
HEAVIEST: Final = 0.0035
FADING: Final = 60.0
CHEAPEST, DEAREST = math.log(0.002), math.log(40.0)


def wide_coins() -> tuple[Coin, ...]:
    """The same for every seed, as the other coins are."""
    return tuple(_coin(place, name) for place, name in enumerate(NAMES.split()))


def _coin(place: int, name: str) -> Coin:
    rng: np.random.Generator = Draws(0).of("wide coin", name)
    price = math.exp(rng.uniform(CHEAPEST, DEAREST))
    return Coin(
        name,
        float(f"{price:.3g}"),
        round(float(rng.uniform(1.2, 1.9)), 2),
        round(float(rng.uniform(0.4, 0.9)), 2),
        round(HEAVIEST * math.exp(-place / FADING), 6),
        float(round(rng.uniform(300.0, 700.0), -1)),
    )
