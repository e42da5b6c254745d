"""MediaPipe's networks for faces, made ONNX: read out of its wheel, converted, compared with the original."""
