"""Any transformer that the user has as an ONNX file with its tokenizer: `deep_model = "onnx:/FOLDER"`."""
