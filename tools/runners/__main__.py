"""Command line: ``python -m runners samples FOLDER``, ``film OUT ...`` or ``cast FOLDER``."""

from __future__ import annotations

import argparse
from pathlib import Path

from runners import grid, wide
from runners.body import SIDES, body_names, load_body
from runners.camera import HEADINGS_DEG, Camera, Recording
from runners.cast import BODIES, Role, casting
from runners.figure import dress
from runners.film import film
from runners.gait import Gait
from runners.grid import cells, grid_role
from runners.looks import LOOKS
from runners.pose import Poser
from runners.samples import make_samples
from runners.shooting import make_cast, make_standing
from runners.spec import SPECS
from runners.stage import Stage, bystander
from runners.truth import stance_rows, timeline, write_frames, write_rows
from runners.wide import wide_role


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    top = argparse.ArgumentParser(prog="python -m runners", description="Render runners with exact truth.")
    commands = top.add_subparsers(dest="command", required=True)
    samples = commands.add_parser("samples", help="make the sample clips and their truth")
    samples.add_argument("folder", type=Path)
    samples.add_argument("--jobs", type=int, default=2)
    _cast_parser(commands.add_parser("cast", help="film a cast of runners, to learn from or to judge by"))
    one = commands.add_parser("film", help="film one runner from one view")
    one.add_argument("folder", type=Path)
    one.add_argument("name", help="start of the files' names")
    one.add_argument("--spec", choices=sorted(SPECS), default="typical")
    one.add_argument("--body", choices=body_names(), default="female_1")
    one.add_argument("--look", choices=sorted(LOOKS), default="coral")
    one.add_argument("--view", choices=sorted(HEADINGS_DEG), default="right", help="side of the runner filmed")
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--seconds", type=float, default=8.0)
    one.add_argument("--fps", type=float, default=60.0)
    one.add_argument("--shutter", type=float, default=1 / 240, help="exposure in seconds")
    one.add_argument("--exposures", type=int, default=2, help="pictures averaged in one frame")
    one.add_argument("--crf", type=int, default=25)
    one.add_argument("--noise", type=float, default=1.5)
    one.add_argument("--distance", type=float, default=3.6)
    one.add_argument("--height", type=float, default=0.95)
    one.add_argument("--tilt", type=float, default=1.0)
    one.add_argument("--roll", type=float, default=0.0)
    one.add_argument("--yaw", type=float, default=0.0)
    one.add_argument("--distortion", type=float, default=0.0)
    one.add_argument("--size", default="720x1280", help="WIDTHxHEIGHT in pixels")
    one.add_argument("--rail", action="store_true", help="a rail in front of the legs")
    one.add_argument("--bystander", action="store_true", help="a second person in the background")
    return top


def _cast_parser(cast: argparse.ArgumentParser) -> None:
    cast.add_argument("folder", type=Path)
    cast.add_argument("--group", choices=[*sorted(BODIES), grid.GROUP, wide.GROUP], default="learn")
    cast.add_argument("--first", type=int, default=0, help="number of the first runner")
    cast.add_argument("--count", type=int, default=6)
    cast.add_argument("--seconds", type=float, default=5.0)
    cast.add_argument("--jobs", type=int, default=2, help="runners filmed at a time")
    cast.add_argument("--standing", action="store_true", help="film them standing still, from the sides")
    cast.add_argument("--lean-sd", type=float, default=0.0, help="of their shanks in standing, degrees")


def film_one(options: argparse.Namespace) -> None:
    """Film one clip and write its truth per stance and per frame."""
    options.folder.mkdir(parents=True, exist_ok=True)
    body = load_body(options.body)
    gait = Gait(body, SPECS[options.spec], options.seconds, options.seed)
    poser = Poser(gait)
    figure = dress(body, LOOKS[options.look], {s: gait.limbs.feet[s].shoe for s in SIDES})
    camera, recording = _camera(options), _recording(options)
    stem = options.folder / options.name
    write_rows(stem.with_name(f"{options.name}_truth.csv"), stance_rows(gait, timeline(poser, options.seconds)))
    clip = f"{options.name}_{options.view}"
    write_frames(stem.with_name(f"{clip}_frames.csv.gz"), poser, recording.frame_times_s, camera)
    people = (bystander(options.view),) if options.bystander else ()
    stage = Stage(rail=options.rail, bystanders=people)
    film(stem.with_name(f"{clip}.mp4"), poser, figure, camera, stage, recording, options.seed)


def roles_of(options: argparse.Namespace) -> list[Role]:
    """Return the runners asked for; the grid has only so many."""
    numbers = range(options.first, options.first + options.count)
    if options.group == grid.GROUP:
        return [grid_role(n) for n in numbers if n < len(cells())]
    if options.group == wide.GROUP:
        return [wide_role(n) for n in numbers]
    return [casting(options.group, n) for n in numbers]


def main() -> None:
    """Run the command line."""
    options = parser().parse_args()
    if options.command == "samples":
        make_samples(options.folder, options.jobs)
    elif options.command == "cast":
        _make_cast(options)
    else:
        film_one(options)


def _make_cast(options: argparse.Namespace) -> None:
    folder, roles, seconds, jobs = options.folder, roles_of(options), options.seconds, options.jobs
    if options.standing:
        make_standing(folder, roles, seconds, jobs, options.lean_sd)
    else:
        make_cast(folder, roles, seconds, jobs)


def _camera(options: argparse.Namespace) -> Camera:
    width, height = (int(n) for n in options.size.split("x"))
    return Camera(
        options.view,
        width_px=width,
        height_px=height,
        distance_m=options.distance,
        height_m=options.height,
        tilt_deg=options.tilt,
        roll_deg=options.roll,
        yaw_deg=options.yaw,
        k1=options.distortion,
    )


def _recording(options: argparse.Namespace) -> Recording:
    return Recording(
        fps=options.fps,
        duration_s=options.seconds,
        shutter_s=options.shutter,
        exposures=options.exposures,
        noise=options.noise,
        crf=options.crf,
    )


if __name__ == "__main__":
    main()
