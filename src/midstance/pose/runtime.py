"""Networks on the processor, by OpenVINO: it reads MediaPipe's own files and needs less time for them.

One thread for each run: what a network gives does not depend on the number of threads. In half precision, landmarks
move by less than they do when a clip is coded anew (`tests/pose/test_estimate.py` holds that), and come in half the
time on processors that know it. Numbers shorter still (bfloat16), which OpenVINO takes where it may, move them by 2
pixels.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from midstance.pose.quiet import silent_stderr
from midstance.science.errors import ModelError

_TELEMETRY = "openvino_telemetry"
Precision = Literal["half", "single"]
"""Of numbers in a network: half means half only where the processor reckons with such numbers, else single."""
Outputs = list[NDArray[np.float32]]
"""In the order asked for; they hold until the same one is asked again."""
Asker = Callable[..., Outputs]
"""From the inputs, arrays of float32 in the network's own order, to the outputs, for one thread at a time."""


class Network:
    """A network that several threads may run at a time, each by an `asker` of its own.

    Parameters
    ----------
    path : Path
        TensorFlow Lite or ONNX.
    runs : int
        The most at a time.
    wanted : callable, optional
        From the shapes of all outputs to the numbers of those wanted; what only the others need is left out.
    precision : {'half', 'single'}

    Raises
    ------
    ModelError
        If the file is no network that OpenVINO can run.
    """

    def __init__(
        self,
        path: Path,
        runs: int,
        wanted: Callable[[Sequence[tuple[int, ...]]], Sequence[int]] | None = None,
        *,
        precision: Precision = "single",
    ) -> None:
        openvino = load_openvino()
        try:
            with silent_stderr():
                model = openvino.Core().read_model(path)
            if wanted is not None:
                model = _cut(openvino, model, wanted([_shape(port) for port in model.outputs]))
            self._compiled = openvino.compile_model(model, "CPU", _settings(runs, precision))
            self._try_out()
        except (RuntimeError, ValueError) as error:
            given = f"given a file of which OpenVINO says: {_first_line(error)}"
            raise ModelError(f"{path.name}: expected a network, {given}") from error

    def _try_out(self) -> None:
        """Run once, in one thread: a network that only fails at work is found, and the package is set up.

        What its Python side sets up at the first run waits for the interpreter while it holds a lock of its own; two
        threads that run for the first time at once would wait for each other for ever.
        """
        shapes = ([max(side, 1) for side in _shape(port)] for port in self._compiled.inputs)
        self.asker()(*(np.zeros(shape, dtype=np.float32) for shape in shapes))

    def asker(self) -> Asker:
        """Return a function from the inputs to the outputs, for one thread at a time."""
        request = self._compiled.create_infer_request()

        def ask(*given: NDArray[np.float32]) -> Outputs:
            request.infer(list(given), share_inputs=True)
            return [request.get_output_tensor(i).data for i in range(len(self._compiled.outputs))]

        return ask


def load_openvino() -> Any:
    """Return the package, without the part that could tell its maker of its use."""
    if _TELEMETRY not in sys.modules:
        # Asked to import None, Python finds no module, and OpenVINO goes on without it.
        sys.modules[_TELEMETRY] = None  # type: ignore[assignment]  # what the import system documents for this
    import openvino

    return openvino


@cache
def best_precision() -> Precision:
    """Return what half precision comes to here; OpenVINO would take bfloat16 where the processor does not know it."""
    known = load_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "half" if "FP16" in known else "single"


def _settings(runs: int, precision: Precision) -> dict[str, Any]:
    return {
        "INFERENCE_PRECISION_HINT": "f16" if precision == best_precision() == "half" else "f32",
        "INFERENCE_NUM_THREADS": runs,
        "NUM_STREAMS": runs,
        "ENABLE_CPU_PINNING": False,
        "ENABLE_MMAP": False,
    }


def _cut(openvino: Any, model: Any, wanted: Sequence[int]) -> Any:
    ends = [openvino.opset8.result(model.outputs[i].get_node().input_value(0)) for i in wanted]
    return openvino.Model(ends, model.get_parameters(), model.friendly_name)


def _shape(port: Any) -> tuple[int, ...]:
    return tuple(side.get_length() if side.is_static else -1 for side in port.partial_shape)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(" :.") if lines else type(error).__name__
