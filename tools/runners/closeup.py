"""Draw a part of a runner without the room: pictures with transparency and depth, many bodies in one context."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import moderngl
import numpy as np

from runners import scene
from runners.camera import Camera
from runners.figure import Figure
from runners.geometry import Array, unit
from runners.render import FORMAT, NAMES, Kept, column_major, light_projection, noise_texture, surface_rows, uniform
from runners.stage import Light
from runners.wardrobe import HELD_OUT_PATTERN, PATTERNS, Layer, Paint

SHADERS = Path(__file__).parent / "shaders"
SHADOW_SIZE = 384
KINDS = {name: i for i, name in enumerate((*PATTERNS, HELD_OUT_PATTERN))}


@dataclass(frozen=True)
class Window:
    """A part of a camera's picture, enlarged.

    Attributes
    ----------
    camera : Camera
        Without distortion.
    affine : (2, 3) array
        From the camera's pixels to the window's: scale and shift, no turn.
    size_px : (width, height)
    """

    camera: Camera
    affine: Array
    size_px: tuple[int, int]

    def project(self, points: Array) -> Array:
        """Return the window's pixels (..., 2) of world points (..., 3)."""
        return np.asarray(self.camera.project(points) @ self.affine[:, :2].T + self.affine[:, 2])

    @property
    def view_projection(self) -> Array:
        """Return the OpenGL matrix from world to the window's clip coordinates."""
        size = np.array([self.camera.width_px, self.camera.height_px], dtype=float)
        flip, window = np.array([1.0, -1.0]), np.array(self.size_px, dtype=float)
        scale = np.diag(self.affine[:, :2])
        move = np.eye(4)
        move[[0, 1], [0, 1]] = scale * size / window
        move[:2, 3] = flip * (2 * (scale * size / 2 + self.affine[:, 2]) / window - 1)
        return np.asarray(move @ self.camera.view_projection)


@dataclass(frozen=True)
class Dressed:
    """A dressed body in the card's memory."""

    layers: tuple[tuple[Layer, Any, Any, Any], ...]
    """Each with the buffer that moves, and how it is drawn in colour and in depth."""
    hip_z: float


class Closeup:
    """One OpenGL context; use it as a context manager.

    Parameters
    ----------
    size_px : (width, height)
        Of the pictures.
    """

    def __init__(self, size_px: tuple[int, int]) -> None:
        self.size_px = size_px
        settings: dict[str, Any] = {"backend": "egl"}
        self.gl = moderngl.create_context(standalone=True, **settings)
        self.gl.enable(moderngl.DEPTH_TEST)
        self.mesh = self._program("mesh", "cloth")
        self.depth = self._program("depth", "depth")
        self.target = self.gl.framebuffer(self.gl.renderbuffer(size_px, 4), self.gl.depth_renderbuffer(size_px))
        texture = self.gl.depth_texture((SHADOW_SIZE, SHADOW_SIZE))
        texture.compare_func = "<="
        texture.use(0)
        self.shadow = self.gl.framebuffer(depth_attachment=texture)
        self.kept: Kept = [texture, noise_texture(self.gl)]
        uniform(self.mesh, "shadow_map").value = 0
        uniform(self.mesh, "noise_map").value = 1
        uniform(self.mesh, "bend").value = (1.0, 0.0)

    def __enter__(self) -> Closeup:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the context."""
        self.gl.release()

    def load(self, layers: list[Layer], hip_z: float) -> Dressed:
        """Return layers ready to be posed and drawn; a garment cut down to nothing is left out."""
        worn = [layer for layer in layers if len(layer.figure.faces)]
        return Dressed(tuple((layer, *self._buffers(layer.figure)) for layer in worn), hip_z)

    def props(self, mesh: scene.Mesh) -> Any:
        """Return things that stand still, ready to be drawn."""
        return self.gl.vertex_array(self.mesh, [(self.gl.buffer(mesh.interleaved().tobytes()), FORMAT, *NAMES)])

    def light(self, light: Light) -> None:
        """Set the light of what comes next."""
        towards = unit(light.direction)
        values = {
            "light": tuple(towards),
            "key_colour": light.key,
            "sky_colour": light.sky,
            "floor_colour": light.floor,
        }
        for name, value in values.items():
            uniform(self.mesh, name).value = value
        projection = column_major(light_projection(towards))
        uniform(self.mesh, "light_projection").write(projection)
        uniform(self.depth, "projection").write(projection)

    def pose(self, dressed: Dressed, matrices: Array) -> None:
        """Pose a body, bone matrices (bones, 3, 4)."""
        for layer, moving, _, _ in dressed.layers:
            moving.write(np.hstack(layer.figure.skin(matrices)).tobytes())

    def cast_shadow(self, dressed: Dressed) -> None:
        """Set the shadow in the pictures to come, as the body is posed."""
        self.shadow.use()
        self.shadow.clear(depth=1.0)
        for _, _, _, outline in dressed.layers:
            outline.render()

    def draw(self, window: Window, dressed: Dressed | None, props: list[Any]) -> np.ndarray:
        """Return the picture (height, width, 4) uint8, red first; nothing is drawn where the last is 0."""
        self.target.use()
        self.target.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        uniform(self.mesh, "view_projection").write(column_major(window.view_projection))
        uniform(self.mesh, "eye").value = tuple(window.camera.eye)
        for layer, _, colour, _ in dressed.layers if dressed else ():
            self._paint(layer.paint, dressed.hip_z if dressed else 0.0)
            colour.render()
        self._paint(Paint(), 0.0)
        for prop in props:
            prop.render()
        data = self.target.read(components=4, alignment=1)
        return np.frombuffer(data, np.uint8).reshape(*reversed(self.size_px), 4)[::-1]

    def nearness(self) -> np.ndarray:
        """Return the depth (height, width) of the picture drawn last, as OpenGL keeps it, 0 to 1."""
        data = self.target.read(components=1, attachment=-1, dtype="f4", alignment=1)
        return np.frombuffer(data, np.float32).reshape(*reversed(self.size_px))[::-1]

    def _paint(self, paint: Paint, hip_z: float) -> None:
        values = {"kind": KINDS[paint.pattern], "second": paint.second, "period": paint.period_m, "phase": paint.phase}
        values |= {"band": paint.band_m, "band_colour": paint.band, "hip_z": hip_z}
        for name, value in values.items():
            uniform(self.mesh, name).value = value

    def _buffers(self, figure: Figure) -> tuple[Any, Any, Any]:
        moving = self.gl.buffer(reserve=len(figure.vertices) * 6 * 4, dynamic=True)
        fixed = self.gl.buffer(surface_rows(figure).tobytes())
        index = self.gl.buffer(figure.faces.astype(np.int32).tobytes())
        colour = [(moving, "3f 3f", *NAMES[:2]), (fixed, "3f 3f 3f", *NAMES[2:])]
        outline = [(moving, "3f 12x", "in_position"), (fixed, "24x 3f", "in_surface")]
        arrays = (self.gl.vertex_array(self.mesh, colour, index), self.gl.vertex_array(self.depth, outline, index))
        self.kept += [moving, fixed, index, *arrays]
        return moving, *arrays

    def forget(self, dressed: Dressed) -> None:
        """Free what `load` took."""
        for _, moving, colour, outline in dressed.layers:
            for thing in (colour, outline, moving):
                self.kept.remove(thing)
                thing.release()

    def _program(self, vertex: str, fragment: str) -> moderngl.Program:
        source = (SHADERS / f"{vertex}.vert").read_text(), (SHADERS / f"{fragment}.frag").read_text()
        return self.gl.program(vertex_shader=source[0], fragment_shader=source[1])
