"""A phone on a tripod: a pinhole with position, heading, tilt, roll and, if wanted, lens distortion; how it records."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from runners.geometry import UP, Array, rotation

HEADINGS_DEG = {"front": 0.0, "left": 90.0, "rear": 180.0, "right": -90.0}
NEAR_M, FAR_M = 0.1, 30.0


@dataclass(frozen=True)
class Camera:
    """Where the camera stands and what it sees.

    Attributes
    ----------
    view : str
        ``front``, ``rear``, ``left`` or ``right``: the side of the runner that it looks at.
    width_px, height_px : int
    distance_m : float
        From the middle of the belt, along the ground.
    height_m : float
        Lens above the belt.
    field_height_m : float
        Height of the picture at the runner's distance: sets the focal length.
    tilt_deg, roll_deg, yaw_deg : float
        Lens pitched down, picture turned clockwise, camera walked round the runner to the runner's left.
    aim_m : float
        Shift of the whole camera along the treadmill, forward positive.
    k1 : float
        Radial distortion: r is scaled by 1 + k1 r^2, with r in half picture heights.
    """

    view: str
    width_px: int = 720
    height_px: int = 1280
    distance_m: float = 3.5
    height_m: float = 0.95
    field_height_m: float = 2.5
    tilt_deg: float = 1.0
    roll_deg: float = 0.0
    yaw_deg: float = 0.0
    aim_m: float = 0.0
    k1: float = 0.0

    @property
    def focal_px(self) -> float:
        """Return the focal length in pixels."""
        return self.height_px / self.field_height_m * self.distance_m

    @property
    def eye(self) -> Array:
        """Return the lens position."""
        heading = np.radians(HEADINGS_DEG[self.view] + self.yaw_deg)
        ground = self.distance_m * np.array([np.cos(heading), np.sin(heading), 0.0])
        return np.asarray(ground + np.array([self.aim_m, 0.0, self.height_m]))

    @property
    def axes(self) -> Array:
        """Return the picture's right, up and backward axes as rows (3, 3)."""
        heading = np.radians(HEADINGS_DEG[self.view] + self.yaw_deg)
        backward = np.array([np.cos(heading), np.sin(heading), 0.0])
        right = np.cross(UP, backward)
        frame = np.stack([right, UP, backward])
        frame = frame @ rotation(right, np.radians(-self.tilt_deg)).T
        return np.asarray(frame @ rotation(frame[2], np.radians(-self.roll_deg)).T)

    @property
    def view_projection(self) -> Array:
        """Return the OpenGL matrix from world to clip coordinates."""
        view = np.eye(4)
        view[:3, :3] = self.axes
        view[:3, 3] = -self.axes @ self.eye
        depth = NEAR_M - FAR_M
        project = np.zeros((4, 4))
        project[0, 0] = 2 * self.focal_px / self.width_px
        project[1, 1] = 2 * self.focal_px / self.height_px
        project[2, 2:] = (FAR_M + NEAR_M) / depth, 2 * FAR_M * NEAR_M / depth
        project[3, 2] = -1
        return np.asarray(project @ view)

    def project(self, points: Array) -> Array:
        """Return pixels (..., 2), y down, of world points (..., 3)."""
        local = (points - self.eye) @ self.axes.T
        flat = self.focal_px * local[..., :2] / -local[..., 2:]
        radius2 = np.sum((flat / (self.height_px / 2)) ** 2, axis=-1, keepdims=True)
        bent = flat * (1 + self.k1 * radius2)
        return np.asarray(np.array([self.width_px, self.height_px]) / 2 + bent * np.array([1.0, -1.0]))


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
        Anti-aliasing samples per pixel and exposure.
    preset : str
        x264's: a faster one makes larger files.
    """

    fps: float = 60.0
    duration_s: float = 8.0
    shutter_s: float = 1 / 240
    exposures: int = 3
    noise: float = 1.5
    crf: int = 25
    gain: float = 1.0
    samples: int = 4
    preset: str = "medium"

    @property
    def frame_times_s(self) -> Array:
        """Return every frame's time."""
        return np.arange(round(self.duration_s * self.fps)) / self.fps


def framed(camera: Camera, low: Array, high: Array, margin: float) -> Camera:
    """Return the camera with the field of view that just holds a box, times `margin`.

    Parameters
    ----------
    camera : Camera
    low, high : (3,) arrays
        Corners of the box, metres.
    margin : float
        Above 1: how much more than the box is seen.
    """
    corners = np.stack(np.meshgrid(*np.stack([low, high], -1), indexing="ij"), -1).reshape(-1, 3)
    size = np.array([camera.width_px, camera.height_px])
    reach = np.abs(replace(camera, field_height_m=1.0, k1=0.0).project(corners) - size / 2) / (size / 2)
    return replace(camera, field_height_m=float(reach.max()) * margin)
