"""Manifests and folders: what is read, and what is refused before the first clip is analysed."""

from __future__ import annotations

from pathlib import Path

import pytest

from midstance.batch import read_batch
from midstance.batch.rows import files_of
from midstance.batch.state import key_of
from midstance.batch.task import unpacked
from midstance.science.errors import InputError


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """A folder with files that stand for clips."""
    for name in ("a.mp4", "b.mp4", "c.mp4", "still.mp4", "own.task"):
        (tmp_path / name).write_bytes(b"clip")
    return tmp_path


@pytest.fixture
def folders(clips: Path) -> None:
    """A folder as OpenPose writes it, and one without anything."""
    for name in ("openpose", "empty"):
        (clips / name).mkdir()
    (clips / "openpose" / "run_0_keypoints.json").write_bytes(b"{}")


def manifest(folder: Path, text: str) -> Path:
    """Write a manifest as a spreadsheet does: with a mark before the text and lines that end as in Windows."""
    path = folder / "manifest.csv"
    path.write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    return path


def test_every_column_of_a_manifest_reaches_its_place(clips: Path) -> None:
    """Clips are found beside the manifest, options come as numbers, empty cells leave the default."""
    header = "runner,date,side,side_2,front,rear,standing,model,landmarks,capture_fps,height_m,surface,lunge_left_cm"
    first, second = read_batch(
        manifest(
            clips,
            f"{header}\nAnna Ä,2026-03-28,a.mp4,b.mp4,c.mp4,,still.mp4,own.task,mediapipe,240,1.72,treadmill,9\n"
            "\nBen,,,,,b.mp4,,,,,,,\n",
        )
    )
    assert (first.runner, first.date, first.where) == ("Anna Ä", "2026-03-28", "row 2")
    assert first.side == (clips / "a.mp4", clips / "b.mp4")
    assert (first.front, first.rear, first.standing) == (clips / "c.mp4", None, (clips / "still.mp4",))
    options = first.options
    assert (options.model, options.landmarks, options.capture_fps) == (str(clips / "own.task"), "mediapipe", 240)
    assert (options.settings.height_m, options.settings.surface) == (1.72, "treadmill")
    assert options.settings.lunge_left_cm == 9
    assert (second.where, second.rear, second.options.model) == ("row 4", clips / "b.mp4", "heavy")
    assert second.options.settings.height_m is None


@pytest.mark.usefixtures("folders")
def test_landmarks_of_other_programs_stand_for_clips(clips: Path) -> None:
    """A manifest takes TRC, C3D, NetCDF and a folder of OpenPose's files; a folder is searched for the first three."""
    for name in ("run_side.trc", "run_front.c3d", "run_standing.nc"):
        (clips / name).write_bytes(b"landmarks")
    text = "runner,side,front,standing,capture_fps\nA,run_side.trc,run_front.c3d,run_standing.nc,\nB,openpose,,,60\n"
    named, folder = read_batch(manifest(clips, text))
    assert (named.side, named.front) == ((clips / "run_side.trc",), clips / "run_front.c3d")
    assert folder.side == (clips / "openpose",)
    [found] = [row for row in read_batch(clips) if row.runner == "run"]
    assert found.clips == named.clips


@pytest.mark.usefixtures("folders")
def test_a_changed_folder_of_openpose_is_done_again(clips: Path) -> None:
    """A run is another as soon as one file of its folder is."""
    frame = clips / "openpose" / "run_0_keypoints.json"
    [row] = read_batch(manifest(clips, "runner,side,capture_fps\nB,openpose,60\n"))
    before = key_of(row, overlay=False)
    assert key_of(row, overlay=False) == before
    frame.write_bytes(b"{ }")
    assert key_of(row, overlay=False) != before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("runner,side\nA,openpose\n", ("row 2", "give capture_fps")),
        ("runner,side,capture_fps\nA,empty,60\n", ("row 2", "folder without .json")),
        ("runner,date,sied,side\nA,,,a.mp4\n", ("'sied'", "side_2", "lunge_right_cm")),
        ("name,side\nA,a.mp4\n", ("'name'", "runner")),
        ("date,side\n,a.mp4\n", ("none called runner",)),
        ("runner,side,side\nA,a.mp4,b.mp4\n", ("side twice",)),
        ("runner,side\n", ("header alone",)),
        ("", ("none called runner",)),
        ("runner,side\nA,a.mp4\nB,\n", ("row 3", "expected a clip")),
        ("runner,standing\nA,still.mp4\n", ("row 2", "expected a clip")),
        ("runner,side\n,a.mp4\n", ("row 2", "name of a runner")),
        ("runner,side\nA,gone.mp4\n", ("row 2", "gone.mp4")),
        ("runner,side,side_2\nA,,a.mp4\n", ("row 2", "side_2 alone")),
        ("runner,date,side\nA,28.3.2026,a.mp4\n", ("row 2", "'28.3.2026'", "YYYY-MM-DD")),
        ("runner,date,side\nA,2026-02-30,a.mp4\n", ("row 2", "'2026-02-30'")),
        ("runner,date,side\nA,2026-01-01,a.mp4\n\nA,2026-01-01,b.mp4\n", ("row 4", "row 2", "A 2026-01-01")),
        ("runner,side\nAnna,a.mp4\nanna,b.mp4\n", ("row 3", "row 2")),
        ("runner,side,height_m\nA,a.mp4,172\n", ("row 2", "height_m", "0.8 to 2.6", "'172'")),
        ("runner,side,capture_fps\nA,a.mp4,fast\n", ("row 2", "capture_fps", "'fast'")),
        ("runner,side,speed_mps\nA,a.mp4,nan\n", ("row 2", "speed_mps", "'nan'")),
        ("runner,side,surface\nA,a.mp4,grass\n", ("row 2", "surface", "overground", "'grass'")),
        ("runner,side,landmarks\nA,a.mp4,other\n", ("row 2", "landmarks", "mediapipe")),
        ("runner,side,model\nA,a.mp4,huge\n", ("row 2", "model", "'huge'")),
        ("runner,side,lunge_left_deg,lunge_left_cm\nA,a.mp4,30,9\n", ("row 2", "one lunge test")),
        ("runner,side\nA,a.mp4,b.mp4\n", ("row 2", "2 cells", "given 3")),
        ('runner,side\nA,"a.mp4\n', ("CSV",)),
    ],
)
@pytest.mark.usefixtures("folders")
def test_wrong_manifest_is_refused_with_its_row(clips: Path, text: str, words: tuple[str, ...]) -> None:
    """One line that names the row as a spreadsheet counts, what was given and what was expected."""
    with pytest.raises(InputError) as refused:
        read_batch(manifest(clips, text))
    message = str(refused.value)
    assert all(word in message for word in words), message
    assert "\n" not in message


def test_other_encodings_and_missing_files_are_refused(tmp_path: Path) -> None:
    """A manifest in Latin-1, and one that is not there."""
    path = tmp_path / "manifest.csv"
    path.write_bytes("runner,side\nJörg,a.mp4\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_batch(path)
    with pytest.raises(InputError, match="expected a folder of clips or a manifest"):
        read_batch(tmp_path / "nothing.csv")


def test_folder_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    """Stems and subfolders make runs; dates are taken out of names; other files are passed over."""
    names = (
        "anna_side.mp4", "anna_front.MOV", "anna_standing.mp4", "anna_truth.csv", "anna.mp4", "._anna_side.mp4",
        "ben_2026-01-02_left.mp4", "ben_2026-01-02_right.csv", "2026-13-45_rear.mp4",
        "cy/2026-01-02_side.mp4", "cy/2026-03-04_side.mp4", "2026-05-06 dora/side.mp4", "2026-05-06 dora/x_rear.mp4",
        "notes/readme.txt", "side.mp4",
    )  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"clip")
    found = {(r.runner, r.date): [c.relative_to(tmp_path).as_posix() for c in r.clips] for r in read_batch(tmp_path)}
    assert found == {
        ("2026-13-45", ""): ["2026-13-45_rear.mp4"],
        ("anna", ""): ["anna_side.mp4", "anna_front.MOV", "anna_standing.mp4"],
        ("ben", "2026-01-02"): ["ben_2026-01-02_left.mp4", "ben_2026-01-02_right.csv"],
        ("cy", "2026-01-02"): ["cy/2026-01-02_side.mp4"],
        ("cy", "2026-03-04"): ["cy/2026-03-04_side.mp4"],
        ("dora", "2026-05-06"): ["2026-05-06 dora/side.mp4", "2026-05-06 dora/x_rear.mp4"],
    }


def test_the_sample_clips_are_a_batch(project_root: Path) -> None:
    """The folder of sample clips reads as its two runners, with their standing trials and without their truth."""
    rows = {row.runner: row for row in read_batch(project_root / "sample_videos")}
    assert set(rows) == {"typical", "restricted"}
    assert [clip.name for clip in rows["restricted"].clips] == [
        f"restricted_{what}.mp4" for what in ("side", "front", "standing")
    ]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("a.mp4", "b.txt"), "anna_side.mp4"),
        (("anna_side.mp4", "anna_side.csv"), "one side clip of anna"),
        (("anna_standing.mp4",), "expected a clip"),
        (("anna_side.mp4", "anna_left.mp4", "anna_right.mp4"), "at most two side clips"),
    ],
)
def test_wrong_folder_is_refused(tmp_path: Path, names: tuple[str, ...], words: str) -> None:
    """No runs, two files for one clip, a standing trial alone, three side clips."""
    for name in names:
        (tmp_path / name).write_bytes(b"clip")
    with pytest.raises(InputError, match=words):
        read_batch(tmp_path)


def test_folder_names_are_safe_and_apart(clips: Path) -> None:
    """No name of a runner leads out of the folder of runs or into that of another."""
    names = ["../../etc", "..", "a/b", "a_b", "a:b", "A" * 300, "=cmd|' /C calc'!A0", "日本"]
    quoted = "".join(f'"{name}",a.mp4\n' for name in names)
    folders = [row.folder for row in read_batch(manifest(clips, f"runner,side\n{quoted}"))]
    assert len(set(folders)) == len(names)
    for folder in folders:
        assert not set(folder) & set('/\\:*?"<>|.=')
        assert len(folder.encode()) < 200
    assert folders[3] == "a_b"
    assert folders[7] == "日本"


@pytest.mark.usefixtures("folders")
def test_uploaded_landmarks_are_those_of_the_folder(clips: Path, tmp_path: Path) -> None:
    """A worker that gets its clips sent finds each file, and the folder of OpenPose under its own name."""
    [row] = read_batch(manifest(clips, "runner,side,front,capture_fps\nB,openpose,a.mp4,60\n"))
    sent = {path: path.read_bytes() for clip in row.clips for path in files_of(clip)}
    moved = unpacked(row, sent, tmp_path / "worker")
    assert [clip.name for clip in moved.clips] == ["openpose", "a.mp4"]
    assert [path.name for clip in moved.clips for path in files_of(clip)] == ["run_0_keypoints.json", "a.mp4"]
    assert {path.read_bytes() for clip in moved.clips for path in files_of(clip)} == set(sent.values())
    assert all(clip.is_relative_to(tmp_path / "worker") for clip in moved.clips)
