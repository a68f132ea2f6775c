"""The yardstick: read a clip with OpenCV, run the pose model on each frame, keep nothing, write nothing.

One process, one landmarker, one person, IMAGE mode: what a plain script does. Run as
`python -m benchmarks.speed.bare MODEL.task CLIP...`.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Run the model on every frame of the clips and say how many there were."""
    model, *clips = map(Path, sys.argv[1:])
    frames = sum(run_model(model, clip) for clip in clips)
    sys.stdout.write(f"{frames}\n")


def run_model(model: Path, clip: Path) -> int:
    """Run the model on every frame of a clip; return their number."""
    import cv2
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)), running_mode=vision.RunningMode.IMAGE, num_poses=1
    )
    frames = 0
    reader = cv2.VideoCapture(str(clip))
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        while True:
            there, bgr = reader.read()
            if not there:
                break
            rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
            landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
            frames += 1
    reader.release()
    return frames


if __name__ == "__main__":
    main()
