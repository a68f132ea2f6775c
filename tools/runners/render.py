"""Draw a figure on the treadmill, off screen, with OpenGL (a software driver is enough)."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import moderngl
import numpy as np

from runners import scene
from runners.camera import Camera
from runners.figure import Figure
from runners.geometry import Array, unit
from runners.stage import Stage

SHADERS = Path(__file__).parent / "shaders"
SHADOW_SIZE = 512
SHADOW_REACH_M = 1.35
NOISE_CELLS, NOISE_SEED = 32, 7
FORMAT = "3f 3f 3f 3f 3f"
Shift = tuple[float, float]
Kept = list[Any]
"""What lives as long as a context does."""
STILL = np.eye(4)
NAMES = ("in_position", "in_normal", "in_colour", "in_pattern", "in_surface")


class Renderer:
    """One OpenGL context that draws one runner for one camera; use it as a context manager.

    Parameters
    ----------
    figure : Figure
    camera : Camera
    stage : Stage
    samples : int
        Samples per pixel; 1 is fastest.
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
        self.people = [self._person(p.figure, p.matrices) for p in stage.bystanders]

    def __enter__(self) -> Renderer:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the context."""
        self.gl.release()

    def cast_shadow(self, matrices: Array) -> None:
        """Set the shadow that the runner throws in the pictures to come, for bone matrices (bones, 3, 4)."""
        self._write(*self.figure.skin(matrices))
        self.shadow.use()
        self.shadow.clear(depth=1.0)
        self._both_sides(self.runner_depth)

    def draw(self, t_s: float, matrices: Array, belt_travel_m: float, shift_px: Shift = (0.0, 0.0)) -> np.ndarray:
        """Return one picture (h, w, 3) uint8.

        Parameters
        ----------
        t_s : float
            Decides how bystanders sway.
        matrices : (bones, 3, 4) array
            The runner's.
        belt_travel_m : float
        shift_px : (float, float)
            How far the picture is moved right and down; a few shifts averaged smooth its edges.
        """
        self._write(*self.figure.skin(matrices))
        background = self._background(shift_px)
        self.gl.copy_framebuffer(self.work, background)
        self.work.use()
        self._set("shadow_on", 0.0)
        for person, array in zip(self.stage.bystanders, self.people, strict=True):
            self._aim(shift_px, person.motion(t_s))
            array.render()
        self._aim(shift_px)
        self._set("shadow_on", 1.0)
        self._both_sides(self.runner)
        self._set("scroll", belt_travel_m)
        self.belt.render()
        self._set("scroll", 0.0)
        self.deck.render()
        if self.flat is not self.work:
            self.gl.copy_framebuffer(self.flat, self.work)
        size = (self.camera.height_px, self.camera.width_px, 3)
        return np.frombuffer(self.flat.read(components=3, alignment=1), np.uint8).reshape(size)[::-1]

    def _both_sides(self, array: moderngl.VertexArray) -> None:
        """Draw the clothes from both sides and all that is closed from outside only, which is faster."""
        lined = 3 * self.figure.lined_faces
        array.render(vertices=lined)
        self.gl.enable(moderngl.CULL_FACE)
        array.render(vertices=3 * len(self.figure.faces) - lined, first=lined)
        self.gl.disable(moderngl.CULL_FACE)

    def _aim(self, shift_px: Shift, motion: Array = STILL) -> None:
        """Set where the picture is taken, and how what comes next is moved."""
        move = np.eye(4)
        move[:2, 3] = 2 * shift_px[0] / self.camera.width_px, -2 * shift_px[1] / self.camera.height_px
        uniform(self.mesh, "view_projection").write(column_major(move @ self.camera.view_projection @ motion))

    def _program(self, name: str) -> moderngl.Program:
        vertex, fragment = ((SHADERS / f"{name}.{kind}").read_text() for kind in ("vert", "frag"))
        return self.gl.program(vertex_shader=vertex, fragment_shader=fragment)

    def _set(self, name: str, value: object) -> None:
        uniform(self.mesh, name).value = value

    def _uniforms(self) -> None:
        light = self.stage.light
        towards = unit(light.direction)
        projection = column_major(light_projection(towards))
        self._set("light", tuple(towards))
        self._set("bend", (self.camera.width_px / self.camera.height_px, self.camera.k1))
        self._set("eye", tuple(self.camera.eye))
        self._set("key_colour", light.key)
        self._set("sky_colour", light.sky)
        self._set("floor_colour", light.floor)
        uniform(self.mesh, "light_projection").write(projection)
        uniform(self.depth, "projection").write(projection)

    def _targets(self, samples: int) -> None:
        size = (self.camera.width_px, self.camera.height_px)

        def target(n: int) -> moderngl.Framebuffer:
            colour = self.gl.renderbuffer(size, 3, samples=n)
            return self.gl.framebuffer(colour, self.gl.depth_renderbuffer(size, samples=n))

        several = samples if samples > 1 else 0
        self._new_target = partial(target, several)
        self.work = self._new_target()
        self.flat = target(0) if several else self.work
        self.backgrounds: dict[Shift, moderngl.Framebuffer] = {}
        depth = self.gl.depth_texture((SHADOW_SIZE, SHADOW_SIZE))
        depth.compare_func = "<="
        depth.filter = moderngl.LINEAR, moderngl.LINEAR
        depth.use(0)
        self._noise()
        self.shadow = self.gl.framebuffer(depth_attachment=depth)

    def _noise(self) -> None:
        noise_texture(self.gl)
        self._set("shadow_map", 0)
        self._set("noise_map", 1)

    def _runner_buffers(self) -> None:
        n = len(self.figure.vertices)
        self.moving = self.gl.buffer(reserve=n * 6 * 4, dynamic=True)
        fixed = self.gl.buffer(surface_rows(self.figure).tobytes())
        index = self.gl.buffer(self.figure.faces.astype(np.int32).tobytes())
        layout = [(self.moving, "3f 3f", *NAMES[:2]), (fixed, "3f 3f 3f", *NAMES[2:])]
        self.runner = self.gl.vertex_array(self.mesh, layout, index)
        outline = [(self.moving, "3f 12x", "in_position"), (fixed, "24x 3f", "in_surface")]
        self.runner_depth = self.gl.vertex_array(self.depth, outline, index)

    def _write(self, vertices: np.ndarray, normals: np.ndarray) -> None:
        self.moving.write(np.hstack([vertices, normals]).tobytes())

    def _static(self, mesh: scene.Mesh) -> moderngl.VertexArray:
        data = self.gl.buffer(mesh.interleaved().tobytes())
        return self.gl.vertex_array(self.mesh, [(data, FORMAT, *NAMES)])

    def _background(self, shift_px: Shift) -> moderngl.Framebuffer:
        """Return the picture of all that never moves, drawn at the first call for each shift."""
        if shift_px not in self.backgrounds:
            self.backgrounds[shift_px] = self._new_target()
            self.backgrounds[shift_px].use()
            self._aim(shift_px)
            self._draw_room()
        return self.backgrounds[shift_px]

    def _draw_room(self) -> None:
        self.gl.clear(0.5, 0.5, 0.5, depth=1.0)
        self._set("shadow_on", 0.0)
        self._set("scroll", 0.0)
        meshes = [scene.room(self.camera.view, self.stage.wall), scene.frame()] + (
            [scene.side_rail()] if self.stage.rail else []
        )
        for mesh in meshes:
            self._static(mesh).render()

    def _person(self, figure: Figure, matrices: Array) -> moderngl.VertexArray:
        rows = np.hstack([*figure.skin(matrices), surface_rows(figure)]).astype(np.float32)
        index = self.gl.buffer(figure.faces.astype(np.int32).tobytes())
        return self.gl.vertex_array(self.mesh, [(self.gl.buffer(rows.tobytes()), FORMAT, *NAMES)], index)


def noise_texture(gl: moderngl.Context) -> moderngl.Texture3D:
    """Lay out the fine pattern of cloth, skin and floor: random values on a grid, interpolated."""
    cells = np.random.default_rng(NOISE_SEED).integers(0, 256, (NOISE_CELLS,) * 3, dtype=np.uint8)
    pattern = gl.texture3d((NOISE_CELLS,) * 3, 1, cells.tobytes())
    pattern.filter = moderngl.LINEAR, moderngl.LINEAR
    pattern.use(1)
    return pattern


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


def surface_rows(figure: Figure) -> np.ndarray:
    """Return colour, rest place and keep, grain, gloss of every vertex, float32."""
    surface = np.stack([figure.keep, figure.grain, figure.gloss], -1)
    return np.hstack([figure.colours, figure.vertices, surface]).astype(np.float32)


def uniform(program: moderngl.Program, name: str) -> moderngl.Uniform:
    """Return a program's uniform."""
    member = program[name]
    assert isinstance(member, moderngl.Uniform)  # noqa: S101  # narrows the type for the checker
    return member


def column_major(matrix: Array) -> bytes:
    """Return a matrix as OpenGL reads it, float32."""
    return bytes(matrix.T.astype(np.float32).tobytes())
