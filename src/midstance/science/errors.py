"""The one error tree of midstance.

::

    MidstanceError
    ├── InputError                the input or the command is wrong (exit code 2)
    │   ├── ClipError             missing, empty, no video in it, cannot be decoded
    │   ├── LandmarksFileError    a landmarks CSV that breaks its format
    │   ├── LimitError            a clip asks for more memory or time than it may have
    │   ├── ModelError            a pose model is missing, damaged or cannot be fetched
    │   ├── OutputError           the output folder cannot be used
    │   └── ClusterError          a cluster was lost, or its workers died
    └── CannotAnalyseError        the clip was read and cannot be analysed (exit code 3)
        ├── NoRunnerError         nobody is seen, or not for long enough
        ├── FrameRateError        too few frames a second to follow a running leg
        ├── LegsOutOfFrameError   the legs are cut off by the edge of the picture
        ├── NotRunningError       walking, standing or something else
        ├── SlowMotionError       the cadence shows that the file plays in slow motion
        ├── WrongViewError        a side clip given as frontal, or the reverse
        ├── NotStandingError      nobody stands still in a standing trial
        └── TooFewStridesError    fewer valid strides than a measure needs

A message is one line: what was expected, what was given, what to do.
"""

OUT_OF_MEMORY = (
    "expected a clip that fits into the memory it may use, given one that does not: scale it down to 1080p, or cut out "
    "half a minute"
)


class MidstanceError(Exception):
    """Base of every error that midstance raises on purpose."""

    exit_code = 1


class InputError(MidstanceError):
    """The input or the command is wrong."""

    exit_code = 2


class ClipError(InputError):
    """A clip is missing, empty or not a video that can be decoded."""


class LandmarksFileError(InputError):
    """A landmarks CSV breaks its format."""


class LimitError(InputError):
    """A clip asks for more memory or time than it may have."""


class ModelError(InputError):
    """A pose model is missing, damaged or cannot be fetched."""


class OutputError(InputError):
    """The output folder cannot be used."""


class ClusterError(InputError):
    """A cluster was lost, or its workers died."""


class CannotAnalyseError(MidstanceError):
    """The clip was read and cannot be analysed."""

    exit_code = 3


class NoRunnerError(CannotAnalyseError):
    """Nobody is seen, or not for long enough."""


class FrameRateError(CannotAnalyseError):
    """Too few frames a second to follow a running leg."""


class LegsOutOfFrameError(CannotAnalyseError):
    """The legs are cut off by the edge of the picture."""


class NotRunningError(CannotAnalyseError):
    """The person walks, stands or does something else."""


class SlowMotionError(CannotAnalyseError):
    """The cadence shows that the file plays slower than it was filmed."""


class WrongViewError(CannotAnalyseError):
    """A side clip was given as a frontal one, or the reverse."""


class TooFewStridesError(CannotAnalyseError):
    """Fewer valid strides than the measures need."""


class NotStandingError(CannotAnalyseError):
    """Nobody stands still, upright and seen from the side in a standing trial."""
