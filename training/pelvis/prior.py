"""The pose model's landmarks as they might be: off as benchmarks found them to be, now and then left for right.

The mean distance of its landmarks from the joints is the product's own table (`science._landmark_offsets`). Their
spread, and that its hips say nothing about the pelvis's obliquity, is what rendered clips showed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from midstance.science._landmark_offsets import OFFSETS_LEGS
from training.pelvis.task import PRIOR_JOINTS, PRIORS, SIDES, Array

OWN_SD, FRAME_SD, FAR_OFF_SD = 0.022, 0.007, 0.12
"""In leg lengths: of a whole clip, of one frame, and of a landmark lost now and then."""
FAR_OFF_CHANCE = 0.02
OBLIQUITY_SEEN = (-0.4, 0.3)
"""Share of the true slope of the hips that the pose model's show."""
ALL_SWAPPED, LEGS_SWAPPED, HIPS_SWAPPED = 0.04, 0.03, 0.02
"""Chance that left and right are exchanged, in all frames or in one."""
LEGS = ("knee", "ankle", "heel", "foot_index")


def draw_prior(rng: np.random.Generator, true_px: Mapping[str, Array], view: tuple[float, float]) -> Array:
    """Return landmarks (frames, priors, 2) of some neighbouring frames.

    Parameters
    ----------
    rng : Generator
    true_px : mapping of (frames, 2) arrays
        Joints in the picture; `foot_index` is the end of the foot's axis.
    view : (forward, leftward)
        How far the runner's forward and leftward point to the picture's right, -1 to 1.
    """
    leg_px = _leg_px(true_px)
    off = np.stack([_offset(name, view) for name in PRIORS])
    off = off + rng.normal(0, OWN_SD, off.shape)
    true = np.stack([true_px[name] for name in PRIORS], axis=1)
    true = _level_hips(rng, true)
    jitter = rng.normal(0, FRAME_SD, true.shape)
    lost = rng.random(true.shape[:2]) < FAR_OFF_CHANCE
    jitter += lost[..., None] * rng.normal(0, FAR_OFF_SD, true.shape)
    return _swapped(rng, true + leg_px * (off + jitter))


def _leg_px(true_px: Mapping[str, Array]) -> float:
    lengths = [
        np.hypot(*(true_px[f"{s}_{a}"] - true_px[f"{s}_{b}"]).T).mean()
        for s in SIDES
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]
    return float(np.sum(lengths) / 2)


def _offset(name: str, view: tuple[float, float]) -> Array:
    """Return a landmark's mean offset in the picture, in leg lengths."""
    side, _, joint = name.partition("_")
    forward, leftward = view
    outward = leftward if side == "left" else -leftward
    near = (side == "right") == (forward > 0)
    sagittal = np.asarray(OFFSETS_LEGS["near" if near else "far", joint]).mean(axis=-1)
    frontal = np.asarray(OFFSETS_LEGS["front" if leftward > 0 else "rear", joint]).mean(axis=-1)
    share = forward**2 / (forward**2 + leftward**2)
    across = sagittal[0] * forward + frontal[0] * outward
    return np.array([across, -(share * sagittal[1] + (1 - share) * frontal[1])])


def _level_hips(rng: np.random.Generator, true: Array) -> Array:
    """Take most of the slope out of the hips, as the pose model does."""
    seen = rng.uniform(*OBLIQUITY_SEEN)
    rows = [PRIORS.index(f"{side}_hip") for side in SIDES]
    hips = true[:, rows]
    level = hips.copy()
    level[..., 1] = hips[..., 1].mean(axis=1, keepdims=True) * (1 - seen) + seen * hips[..., 1]
    out = true.copy()
    out[:, rows] = level
    return out


def _swapped(rng: np.random.Generator, prior: Array) -> Array:
    out = prior.copy()
    frames = slice(None) if rng.random() < 0.6 else int(rng.integers(len(prior)))
    kinds = ((ALL_SWAPPED, PRIOR_JOINTS), (LEGS_SWAPPED, LEGS), (HIPS_SWAPPED, ("hip",)))
    for chance, joints in kinds:
        if rng.random() < chance:
            rows = [[PRIORS.index(f"{side}_{joint}") for side in SIDES] for joint in joints]
            for left, right in rows:
                out[frames, [left, right]] = out[frames, [right, left]]
    return out
