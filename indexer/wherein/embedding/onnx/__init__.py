"""A small transformer that runs on ONNX Runtime (the extra `deep`), and the model that comes with wherein."""
