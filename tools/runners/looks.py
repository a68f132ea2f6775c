"""Colours of skin, hair and clothes, and how the clothes are cut."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Look:
    """What a runner wears; colours are linear RGB from 0 to 1.

    Attributes
    ----------
    hem : float
        Lower edge of the shorts, as a fraction of the thigh below the hip.
    sleeve : float
        Sleeve length as a fraction of the upper arm.
    looseness_m : float
        How far shirt and shorts stand off the skin at their edges.
    """

    skin: Colour = (0.60, 0.38, 0.28)
    hair: Colour = (0.045, 0.028, 0.018)
    shirt: Colour = (0.03, 0.17, 0.36)
    shorts: Colour = (0.022, 0.022, 0.028)
    shoes: Colour = (0.75, 0.10, 0.03)
    sole: Colour = (0.75, 0.75, 0.72)
    socks: Colour = (0.75, 0.75, 0.75)
    hem: float = 0.52
    sleeve: float = 0.62
    looseness_m: float = 0.014
    ponytail: bool = False


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "blue": Look(),
        "coral": Look(
            skin=(0.70, 0.47, 0.37),
            hair=(0.12, 0.055, 0.025),
            shirt=(0.62, 0.10, 0.12),
            shorts=(0.03, 0.035, 0.07),
            shoes=(0.10, 0.42, 0.45),
            hem=0.40,
            sleeve=0.45,
            looseness_m=0.010,
            ponytail=True,
        ),
        "lime": Look(
            skin=(0.17, 0.085, 0.05),
            hair=(0.010, 0.008, 0.007),
            shirt=(0.42, 0.55, 0.06),
            shorts=(0.10, 0.11, 0.12),
            shoes=(0.85, 0.85, 0.86),
            sole=(0.05, 0.05, 0.05),
            socks=(0.02, 0.02, 0.02),
            hem=0.60,
        ),
        "grey": Look(
            skin=(0.42, 0.24, 0.15),
            hair=(0.02, 0.015, 0.012),
            shirt=(0.30, 0.30, 0.32),
            shorts=(0.04, 0.09, 0.06),
            shoes=(0.05, 0.05, 0.06),
            socks=(0.03, 0.03, 0.03),
            hem=0.85,
            sleeve=0.8,
            looseness_m=0.018,
        ),
    }
)

SKINS = np.array(
    [(0.07, 0.035, 0.020), (0.17, 0.085, 0.05), (0.42, 0.24, 0.15), (0.60, 0.38, 0.28), (0.74, 0.51, 0.41)]
)
HAIRS: tuple[Colour, ...] = (
    (0.010, 0.008, 0.007),
    (0.045, 0.028, 0.018),
    (0.12, 0.055, 0.025),
    (0.20, 0.07, 0.025),
    (0.42, 0.29, 0.14),
    (0.30, 0.30, 0.30),
)
PLAIN: tuple[Colour, ...] = ((0.02, 0.02, 0.025), (0.10, 0.11, 0.12), (0.30, 0.30, 0.32), (0.75, 0.75, 0.75))


def random_look(rng: np.random.Generator, ponytail_chance: float) -> Look:
    """Return clothes, hair and skin drawn at random.

    Parameters
    ----------
    rng : Generator
    ponytail_chance : float
        0 to 1.
    """
    place = rng.uniform(0, len(SKINS) - 1)
    skin = [np.interp(place, np.arange(len(SKINS)), SKINS[:, k]) for k in range(3)]
    shirt, shoes = random_cloth(rng, 0.25), random_cloth(rng, 0.35)
    return Look(
        skin=_triple(np.asarray(skin) * rng.uniform(0.93, 1.07, 3)),
        hair=_triple(np.asarray(HAIRS[int(rng.integers(len(HAIRS)))]) * rng.uniform(0.8, 1.2)),
        shirt=shirt,
        shorts=random_cloth(rng, 0.7, brightest=0.5),
        shoes=shoes,
        sole=PLAIN[0] if rng.random() < 0.25 else PLAIN[3],
        socks=PLAIN[int(rng.choice([0, 2, 3]))],
        hem=float(rng.uniform(0.28, 0.90)),
        sleeve=float(rng.uniform(0.25, 0.90)),
        looseness_m=float(rng.uniform(0.006, 0.022)),
        ponytail=bool(rng.random() < ponytail_chance),
    )


def random_cloth(rng: np.random.Generator, plain_chance: float, brightest: float = 0.95) -> Colour:
    """Return a dye: plain, or any hue."""
    hue, saturation, value = rng.uniform((0, 0.45, 0.15), (1, 1, brightest))
    plain = PLAIN[int(rng.integers(len(PLAIN)))]
    dyed = np.asarray(colorsys.hsv_to_rgb(hue, saturation, value)) ** 2.2
    return plain if rng.random() < plain_chance else _triple(dyed)


def _triple(colour: np.ndarray) -> Colour:
    red, green, blue = (float(c) for c in np.clip(colour, 0.003, 0.9))
    return red, green, blue
