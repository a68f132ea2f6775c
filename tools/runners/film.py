"""Film a runner: frames with motion blur and sensor noise, compressed to H.264."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from runners.camera import Camera, Recording
from runners.figure import Figure
from runners.geometry import Array
from runners.pose import Poser
from runners.render import Renderer
from runners.stage import Stage

NOISE_PICTURES = 4
POSED_AT_ONCE = 32  # frames
GOLDEN = 0.618034


def film(
    path: Path, poser: Poser, figure: Figure, camera: Camera, stage: Stage, recording: Recording, seed: int
) -> None:
    """Render one clip and write it as MP4 (H.264, yuv420p, index first)."""
    import av

    rng = np.random.default_rng(seed)
    rate = Fraction(recording.fps).limit_denominator(1001)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = camera.width_px, camera.height_px, "yuv420p"
        stream.options = {"crf": str(recording.crf), "preset": recording.preset, "threads": "1"}
        for picture in pictures(poser, figure, camera, stage, recording, rng):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def pictures(
    poser: Poser,
    figure: Figure,
    camera: Camera,
    stage: Stage,
    recording: Recording,
    rng: np.random.Generator,
) -> Iterator[np.ndarray]:
    """Yield the frames (h, w, 3) uint8."""
    size = (camera.height_px, camera.width_px, 1)
    noise = [np.rint(rng.normal(0, recording.noise, size)).astype(np.int16) for _ in range(NOISE_PICTURES)]
    develop = np.rint(np.arange(255 * recording.exposures + 1) * recording.gain / recording.exposures).astype(np.int16)
    with Renderer(figure, camera, stage, recording.samples) as renderer:
        for times, matrices in _moments(poser, recording):
            total = _exposed(renderer, times, matrices, poser.gait.spec.speed_mps)
            picture = develop[total] + noise[int(rng.integers(len(noise)))]
            yield np.clip(picture, 0, 255).astype(np.uint8)


def _moments(poser: Poser, recording: Recording) -> Iterator[tuple[Array, Array]]:
    """Yield every frame's moments with their bone matrices; posing many frames at a time is faster."""
    frames = recording.frame_times_s
    for start in range(0, len(frames), POSED_AT_ONCE):
        times = np.array([exposure_times(float(t), recording) for t in frames[start : start + POSED_AT_ONCE]])
        matrices = poser.pose(times.ravel()).matrices
        yield from zip(times, matrices.reshape(*times.shape, *matrices.shape[1:]), strict=True)


def _exposed(renderer: Renderer, times: Array, matrices: Array, speed_mps: float) -> np.ndarray:
    """Return the sum (h, w, 3) uint16 of the pictures within one exposure."""
    renderer.cast_shadow(matrices[len(times) // 2])
    total = np.zeros((), np.uint16)
    for moment, matrix, shift in zip(times, matrices, pixel_shifts(len(times)), strict=True):
        total = total + renderer.draw(float(moment), matrix, speed_mps * float(moment), shift)
    return total


def pixel_shifts(n: int) -> list[tuple[float, float]]:
    """Return `n` places within a pixel, spread evenly about its middle, that smooth edges when averaged."""
    across = (np.arange(n) + 0.5) / n - 0.5
    down = across[np.argsort(np.arange(n) * GOLDEN % 1)]
    return [(float(x), float(y)) for x, y in zip(across, down, strict=True)]


def exposure_times(t: float, recording: Recording) -> Array:
    """Return the moments averaged into the frame at time t."""
    offsets = (np.arange(recording.exposures) + 0.5) / recording.exposures - 0.5
    return np.asarray(t + offsets * recording.shutter_s)
