"""MediaPipe's own inference of one of its networks: what the converted one is compared with."""

from __future__ import annotations

from importlib import import_module
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.types import Image
from export.shipping.mediapipe import wheel
from export.shipping.mediapipe.networks import Source

# What a graph's nodes keep as options is known only where its message is imported.
MESSAGES = (
    "core.split_vector",
    "tensor.image_to_tensor",
    "tensor.inference",
    "tensor.tensors_to_floats",
    "tflite.tflite_custom_op_resolver",
)
START = """
input_stream: "picture"
node {{ calculator: "TfLiteCustomOpResolverCalculator" output_side_packet: "OP_RESOLVER:operators" }}
node {{
  calculator: "ImageToTensorCalculator" input_stream: "IMAGE:picture" output_stream: "TENSORS:input"
  options {{ [mediapipe.ImageToTensorCalculatorOptions.ext] {{
    output_tensor_width: {size} output_tensor_height: {size}
    output_tensor_float_range {{ min: {black} max: 1 }}
  }} }}
}}
node {{
  calculator: "InferenceCalculator" input_side_packet: "OP_RESOLVER:operators"
  input_stream: "TENSORS:input" output_stream: "TENSORS:outputs"
  options {{ [mediapipe.InferenceCalculatorOptions.ext] {{
    model_path: "mediapipe/{file}" delegate {{ xnnpack {{ num_threads: 1 }} }}
  }} }}
}}
node {{
  calculator: "SplitTensorVectorCalculator" input_stream: "outputs" {splits}
  options {{ [mediapipe.SplitVectorCalculatorOptions.ext] {{ {ranges} }} }}
}}
"""
END = """
output_stream: "floats{0}"
node {{
  calculator: "TensorsToFloatsCalculator" input_stream: "TENSORS:one{0}" output_stream: "FLOATS:floats{0}"
}}
"""


class Original:
    """A network that MediaPipe runs; close it, or use it as a context."""

    def __init__(self, source: Source, outputs: int) -> None:
        """Loads the network, which has that many `outputs`. Raises WheelError without the package."""
        wheel.without_front()
        for message in MESSAGES:
            import_module(f"mediapipe.calculators.{message}_calculator_pb2")
        bindings = "mediapipe.python._framework_bindings"
        import_module(f"{bindings}.resource_util").set_resource_dir(str(wheel.root().parent))
        text = START.format(
            size=source.size,
            black=source.black,
            file=source.origin.file,
            splits=" ".join(f'output_stream: "one{number}"' for number in range(outputs)),
            ranges=" ".join(f"ranges {{ begin: {number} end: {number + 1} }}" for number in range(outputs)),
        )
        config = import_module("mediapipe.framework.calculator_pb2").CalculatorGraphConfig()
        text += "".join(END.format(number) for number in range(outputs))
        import_module("google.protobuf.text_format").Parse(text, config)
        self._packets: Any = import_module("mediapipe.python.packet_creator")
        self._format: Any = import_module(f"{bindings}.image_frame").ImageFormat.SRGB
        read = import_module("mediapipe.python.packet_getter").get_float_list
        self._time = 0
        self._found: dict[str, NDArray[np.float32]] = {}
        self._names = [f"floats{number}" for number in range(outputs)]
        self._graph: Any = import_module(f"{bindings}.calculator_graph").CalculatorGraph(graph_config=config)
        for name in self._names:
            self._graph.observe_output_stream(
                name, lambda stream, packet: self._found.update({stream: np.array(read(packet), np.float32)})
            )
        self._graph.start_run()

    def run(self, picture: Image) -> list[NDArray[np.float32]]:
        """The outputs, in the order of the file and each flat, for one BGR picture (size, size, 3)."""
        rgb = np.ascontiguousarray(picture[..., ::-1])
        packet = self._packets.create_image_frame(image_format=self._format, data=rgb)
        self._graph.add_packet_to_input_stream("picture", packet.at(self._time))
        self._time += 1
        self._graph.wait_until_idle()
        return [self._found.pop(name) for name in self._names]

    def close(self) -> None:
        """Frees the graph; nothing can be run afterwards."""
        self._graph.close()

    def __enter__(self) -> Original:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
