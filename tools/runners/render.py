"""Draw a figure on the treadmill, off screen, with OpenGL (a software driver is enough)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import moderngl
import numpy as np

from runners import scene
from runners.camera import Camera
from runners.figure import Figure
from runners.geometry import Array, unit

SHADERS = Path(__file__).parent / "shaders"
SHADOW_SIZE = 1024
SHADOW_REACH_M = 1.35
FORMAT = "3f 3f 3f 3f 3f"
NAMES = ("in_position", "in_normal", "in_colour", "in_pattern", "in_surface")


@dataclass(frozen=True)
class Light:
    """Key light direction and the colours of key, sky and floor light (linear RGB)."""

    direction: tuple[float, float, float] = (0.12, -0.62, 0.85)
    key: tuple[float, float, float] = (1.35, 1.28, 1.15)
    sky: tuple[float, float, float] = (0.72, 0.75, 0.80)
    floor: tuple[float, float, float] = (0.34, 0.33, 0.31)


@dataclass(frozen=True)
class Stage:
    """What stands in the room besides the runner.

    Attributes
    ----------
    rail : bool
        A rail in front of the legs.
    bystanders : tuple of (Figure, matrices)
        People standing still, with their bone matrices (bones, 3, 4).
    wall : colour
    """

    light: Light = field(default_factory=Light)
    rail: bool = False
    bystanders: tuple[tuple[Figure, Array], ...] = ()
    wall: tuple[float, float, float] = (0.50, 0.49, 0.46)


class Renderer:
    """One OpenGL context that draws one runner for one camera; use it as a context manager.

    Parameters
    ----------
    figure : Figure
    camera : Camera
    stage : Stage
    samples : int
        Samples per pixel.
    """

    def __init__(self, figure: Figure, camera: Camera, stage: Stage, samples: int = 4) -> None:
        self.figure, self.camera, self.stage = figure, camera, stage
        settings: dict[str, Any] = {"backend": "egl"}
        self.gl = moderngl.create_context(standalone=True, **settings)
        self.gl.enable(moderngl.DEPTH_TEST)
        self.gl.depth_func = "<="
        self.mesh = self._program("mesh")
        self.depth = self._program("depth")
        self._uniforms()
        self._targets(samples)
        self._runner_buffers()
        self.belt = self._static(scene.belt())
        self.deck = self._static(scene.deck())
        self._draw_room()

    def __enter__(self) -> Renderer:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the context."""
        self.gl.release()

    def draw(self, matrices: Array, belt_travel_m: float) -> np.ndarray:
        """Return one picture (h, w, 3) uint8 for bone matrices (bones, 3, 4)."""
        self._write(*self.figure.skin(matrices))
        self.shadow.use()
        self.shadow.clear(depth=1.0)
        self._depth_only(self.light_matrix)
        self.gl.copy_framebuffer(self.work, self.background)
        self.work.use()
        self.work.color_mask = False, False, False, False
        self._depth_only(self.camera_matrix)  # so that hidden layers are never shaded
        self.work.color_mask = True, True, True, True
        self._set("shadow_on", 1.0)
        self.runner.render()
        self.deck.render()
        self._set("scroll", belt_travel_m)
        self.belt.render()
        self._set("scroll", 0.0)
        self.gl.copy_framebuffer(self.flat, self.work)
        size = (self.camera.height_px, self.camera.width_px, 3)
        return np.frombuffer(self.flat.read(components=3, alignment=1), np.uint8).reshape(size)[::-1]

    def _program(self, name: str) -> moderngl.Program:
        vertex, fragment = ((SHADERS / f"{name}.{kind}").read_text() for kind in ("vert", "frag"))
        return self.gl.program(vertex_shader=vertex, fragment_shader=fragment)

    def _set(self, name: str, value: object) -> None:
        _uniform(self.mesh, name).value = value

    def _uniforms(self) -> None:
        light = self.stage.light
        towards = unit(light.direction)
        projection = light_projection(towards)
        self._set("light", tuple(towards))
        self._set("eye", tuple(self.camera.eye))
        self._set("key_colour", light.key)
        self._set("sky_colour", light.sky)
        self._set("floor_colour", light.floor)
        self.camera_matrix = _column_major(self.camera.view_projection)
        self.light_matrix = _column_major(projection)
        _uniform(self.mesh, "view_projection").write(self.camera_matrix)
        _uniform(self.mesh, "light_projection").write(self.light_matrix)

    def _targets(self, samples: int) -> None:
        size = (self.camera.width_px, self.camera.height_px)

        def target(n: int) -> moderngl.Framebuffer:
            colour = self.gl.renderbuffer(size, 3, samples=n)
            return self.gl.framebuffer(colour, self.gl.depth_renderbuffer(size, samples=n))

        self.background, self.work, self.flat = target(samples), target(samples), target(0)
        depth = self.gl.depth_texture((SHADOW_SIZE, SHADOW_SIZE))
        depth.compare_func = "<="
        depth.use(0)
        self.shadow = self.gl.framebuffer(depth_attachment=depth)

    def _runner_buffers(self) -> None:
        self.static = _surface_rows(self.figure)
        self.buffer = self.gl.buffer(reserve=len(self.static) * 15 * 4, dynamic=True)
        index = self.gl.buffer(self.figure.faces.astype(np.int32).tobytes())
        self.runner = self.gl.vertex_array(self.mesh, [(self.buffer, FORMAT, *NAMES)], index)
        layout = [(self.buffer, "3f 36x 3f", "in_position", "in_surface")]
        self.runner_depth = self.gl.vertex_array(self.depth, layout, index)

    def _write(self, vertices: np.ndarray, normals: np.ndarray) -> None:
        self.buffer.write(np.hstack([vertices, normals, self.static]).astype(np.float32).tobytes())

    def _static(self, mesh: scene.Mesh) -> moderngl.VertexArray:
        data = self.gl.buffer(mesh.interleaved().tobytes())
        return self.gl.vertex_array(self.mesh, [(data, FORMAT, *NAMES)])

    def _draw_room(self) -> None:
        """Draw all that never moves, once."""
        self.background.use()
        self.background.clear(0.5, 0.5, 0.5, depth=1.0)
        self._set("shadow_on", 0.0)
        self._set("scroll", 0.0)
        meshes = [scene.room(self.camera.view, self.stage.wall), scene.frame()] + (
            [scene.side_rail()] if self.stage.rail else []
        )
        for mesh in meshes:
            self._static(mesh).render()
        for figure, matrices in self.stage.bystanders:
            rows = np.hstack([*figure.skin(matrices), _surface_rows(figure)]).astype(np.float32)
            index = self.gl.buffer(figure.faces.astype(np.int32).tobytes())
            data = self.gl.buffer(rows.tobytes())
            self.gl.vertex_array(self.mesh, [(data, FORMAT, *NAMES)], index).render()

    def _depth_only(self, matrix: bytes) -> None:
        _uniform(self.depth, "projection").write(matrix)
        self.runner_depth.render()


def light_projection(towards: Array) -> Array:
    """Return the orthographic matrix that sees the runner from the light."""
    right = unit(np.cross([0.0, 0.0, 1.0], towards))
    axes = np.stack([right, np.cross(towards, right), towards])
    centre = np.array([-0.1, 0.0, 0.75])
    matrix = np.eye(4)
    scale = np.array([1 / SHADOW_REACH_M, 1 / SHADOW_REACH_M, -1 / 4.0])
    matrix[:3, :3] = axes * scale[:, None]
    matrix[:3, 3] = -(axes @ centre) * scale
    return matrix


def _surface_rows(figure: Figure) -> np.ndarray:
    surface = np.stack([figure.keep, figure.grain, figure.gloss], -1)
    return np.hstack([figure.colours, figure.vertices, surface]).astype(np.float32)


def _uniform(program: moderngl.Program, name: str) -> moderngl.Uniform:
    member = program[name]
    assert isinstance(member, moderngl.Uniform)  # noqa: S101  # narrows the type for the checker
    return member


def _column_major(matrix: Array) -> bytes:
    return bytes(matrix.T.astype(np.float32).tobytes())
