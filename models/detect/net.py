"""One TFLite network of the mediapipe wheel, run by a small MediaPipe graph of our own.

The ready-made `solutions` hide the networks' scores and choose the crops themselves; a graph with nothing
but the network gives both back. MediaPipe lends its interpreter (XNNPACK, one thread) and its operations.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np
from google.protobuf import text_format  # type: ignore[import-untyped]
from mediapipe.framework import calculator_pb2
from mediapipe.python import packet_creator, packet_getter
from mediapipe.python._framework_bindings.calculator_graph import CalculatorGraph
from mediapipe.python._framework_bindings.image_frame import ImageFormat
from mediapipe.python._framework_bindings.packet import Packet

from models.detect.quiet import quiet
from models.manifest import weight
from models.types import Array, ShapeError

# These modules register the options that GRAPH names; nothing else is used of them.
__import__("mediapipe.calculators.core.split_vector_calculator_pb2")
__import__("mediapipe.calculators.tensor.image_to_tensor_calculator_pb2")
__import__("mediapipe.calculators.tensor.inference_calculator_pb2")
__import__("mediapipe.calculators.tensor.landmarks_to_tensor_calculator_pb2")

GRAPH = """
num_threads: 1
input_stream: "image"
input_side_packet: "weight"
node {
  calculator: "TfLiteModelCalculator"
  input_side_packet: "MODEL_BLOB:weight"
  output_side_packet: "MODEL:model"
}
node {
  calculator: "TfLiteCustomOpResolverCalculator"
  output_side_packet: "OP_RESOLVER:operations"
}
node {
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image"
  output_stream: "TENSORS:input"
  options { [mediapipe.ImageToTensorCalculatorOptions.ext] {
    output_tensor_width: %(side)d
    output_tensor_height: %(side)d
    output_tensor_float_range { min: %(low)f max: 1.0 }
  } }
}
node {
  calculator: "InferenceCalculator"
  input_stream: "TENSORS:input"
  input_side_packet: "MODEL:model"
  input_side_packet: "OP_RESOLVER:operations"
  output_stream: "TENSORS:tensors"
  options { [mediapipe.InferenceCalculatorOptions.ext] { delegate { xnnpack { num_threads: 1 } } } }
}
"""
SPLIT = """
node {
  calculator: "SplitTensorVectorCalculator"
  input_stream: "tensors"
  %s
  options { [mediapipe.SplitVectorCalculatorOptions.ext] { %s } }
}
"""
FLOATS = """
node {
  calculator: "TensorsToFloatsCalculator"
  input_stream: "TENSORS:tensor%(i)d"
  output_stream: "FLOATS:floats%(i)d"
}
output_stream: "floats%(i)d"
"""


def each_tensor(count: int) -> str:
    """The end of a graph that brings out every output tensor of the network as floats."""
    numbers = range(count)
    streams = " ".join(f'output_stream: "tensor{i}"' for i in numbers)
    ranges = " ".join(f"ranges {{ begin: {i} end: {i + 1} }}" for i in numbers)
    return SPLIT % (streams, ranges) + "".join(FLOATS % {"i": i} for i in numbers)


class Outputs:
    """What one run gave: flat float32 arrays by number, converted when asked for (1 ms per 20,000 values)."""

    def __init__(self, packets: tuple[Packet, ...]) -> None:
        self._packets = packets

    def __getitem__(self, i: int) -> Array:
        return np.asarray(packet_getter.get_float_list(self._packets[i]), np.float32)

    def __iter__(self) -> Iterator[Array]:
        return (self[i] for i in range(len(self._packets)))


class Net:
    """A loaded network: (side, side, 3) uint8 RGB in, Outputs out. Not thread-safe: one a worker process."""

    def __init__(self, name: str, *, side: int, low: float, tail: str) -> None:
        """Load the weight `name` of the manifest and run it once.

        Pixels are scaled to [low, 1]; `tail` is graph text that makes floats of the stream "tensors".
        """
        self.side = side
        self._runs = 0
        self._packets: dict[str, Packet] = {}
        config = text_format.Parse(
            GRAPH % {"side": side, "low": low} + tail, calculator_pb2.CalculatorGraphConfig()
        )
        self._streams = list(config.output_stream)
        with quiet():
            self._graph = CalculatorGraph(graph_config=config)
            for stream in self._streams:
                self._graph.observe_output_stream(stream, self._packets.__setitem__)
            self._graph.start_run({"weight": packet_creator.create_string(weight(name).read())})
            self(np.zeros((side, side, 3), np.uint8))

    def __call__(self, image: Array) -> Outputs:
        """Run the network on one image; raises ShapeError, or RuntimeError when the graph fails."""
        if image.shape != (self.side, self.side, 3):
            raise ShapeError("image", (self.side, self.side, 3), image.shape)
        self._runs += 1
        frame = packet_creator.create_image_frame(np.ascontiguousarray(image), image_format=ImageFormat.SRGB)
        self._graph.add_packet_to_input_stream("image", frame.at(self._runs))
        self._graph.wait_until_idle()
        return Outputs(tuple(self._packets[stream] for stream in self._streams))

    def close(self) -> None:
        """Give the graph's memory back; the network cannot be run afterwards."""
        self._graph.close_all_packet_sources()
        self._graph.wait_until_done()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
