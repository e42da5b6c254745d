"""Faces and landmarks through ONNX Runtime: boxes from two networks, regions around them, landmarks."""
