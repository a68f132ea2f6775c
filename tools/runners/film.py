"""Film a runner: frames with motion blur and sensor noise, compressed to H.264."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from runners.camera import Camera
from runners.figure import Figure
from runners.geometry import Array
from runners.pose import Poser
from runners.render import Renderer, Stage


@dataclass(frozen=True)
class Recording:
    """How the phone records.

    Attributes
    ----------
    fps : float
    duration_s : float
    shutter_s : float
        Exposure of a frame, centred on the frame's time.
    exposures : int
        Pictures averaged within the exposure: 1 gives no motion blur.
    noise : float
        Standard deviation of sensor noise, grey levels of 255.
    crf : int
        x264's constant rate factor: higher is smaller and coarser.
    gain : float
        Brightness.
    samples : int
        Anti-aliasing samples per pixel.
    """

    fps: float = 60.0
    duration_s: float = 8.0
    shutter_s: float = 1 / 240
    exposures: int = 3
    noise: float = 1.5
    crf: int = 25
    gain: float = 1.0
    samples: int = 4

    @property
    def frame_times_s(self) -> Array:
        """Return every frame's time."""
        return np.arange(round(self.duration_s * self.fps)) / self.fps


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
        stream.options = {"crf": str(recording.crf), "preset": "medium", "threads": "1"}
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
    noise = [rng.normal(0, recording.noise, (camera.height_px, camera.width_px, 1)) for _ in range(4)]
    speed = poser.gait.spec.speed_mps
    bend = camera.distortion_map() if camera.k1 else None
    with Renderer(figure, camera, stage, recording.samples) as renderer:
        for t in recording.frame_times_s:
            times = exposure_times(float(t), recording)
            matrices = poser.pose(times).matrices
            total = np.zeros((camera.height_px, camera.width_px, 3), np.float32)
            for moment, matrix in zip(times, matrices, strict=True):
                total += renderer.draw(matrix, speed * moment)
            mean = total / len(times) if bend is None else remap(total / len(times), bend)
            grain = noise[int(rng.integers(len(noise)))]
            yield np.clip(np.rint(mean * recording.gain + grain), 0, 255).astype(np.uint8)


def exposure_times(t: float, recording: Recording) -> Array:
    """Return the moments averaged into the frame at time t."""
    offsets = (np.arange(recording.exposures) + 0.5) / recording.exposures - 0.5
    return np.asarray(t + offsets * recording.shutter_s)


def remap(picture: np.ndarray, where: Array) -> np.ndarray:
    """Return the picture sampled bilinearly at positions (h, w, 2), edges repeated."""
    height, width = picture.shape[:2]
    x = np.clip(where[..., 0], 0, width - 1.001)
    y = np.clip(where[..., 1], 0, height - 1.001)
    i, j = y.astype(int), x.astype(int)
    fy, fx = (y - i)[..., None], (x - j)[..., None]
    top = picture[i, j] * (1 - fx) + picture[i, j + 1] * fx
    bottom = picture[i + 1, j] * (1 - fx) + picture[i + 1, j + 1] * fx
    return np.asarray(top * (1 - fy) + bottom * fy, dtype=np.float32)
