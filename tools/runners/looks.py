"""Colours of skin, hair and clothes, and how the clothes are cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

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
