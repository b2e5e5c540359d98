"""Any transformer that somebody has as an ONNX file with its tokenizer: `deep_model = "onnx:/FOLDER"`."""
