"""Folders of models as sentence-transformers has them: real ones with random weights, and ones that only look so."""

import json
from pathlib import Path

import numpy as np

WORDS = [
    *("def", "class", "return", "self", "the", "a", "of", "file", "read", "write", "parse", "cart", "price"),
    *("total", "add", "remove", "open", "close", "(", ")", ":", ".", "_", "#"),
]
LAYERS, SIZE = 2, 32


def write_tensors(file: Path, tensors: dict[str, np.ndarray]) -> None:
    """A file of weights in the format of safetensors, by its specification."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor, np.float32).tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text + data)


def bert_tensors(seed: int = 0) -> dict[str, np.ndarray]:
    """The weights of a BERT of two layers and 32 dimensions."""
    draw = np.random.default_rng(seed)
    vocabulary = len(_vocabulary())
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (vocabulary, SIZE),
        "embeddings.position_embeddings.weight": (64, SIZE),
        "embeddings.token_type_embeddings.weight": (2, SIZE),
        "embeddings.LayerNorm.weight": (SIZE,),
        "embeddings.LayerNorm.bias": (SIZE,),
        "pooler.dense.weight": (SIZE, SIZE),
        "pooler.dense.bias": (SIZE,),
    }
    for layer in range(LAYERS):
        inner = f"encoder.layer.{layer}"
        for name in (
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
        ):
            shapes[f"{inner}.{name}.weight"], shapes[f"{inner}.{name}.bias"] = (SIZE, SIZE), (SIZE,)
        shapes[f"{inner}.intermediate.dense.weight"] = (64, SIZE)
        shapes[f"{inner}.intermediate.dense.bias"] = (64,)
        shapes[f"{inner}.output.dense.weight"], shapes[f"{inner}.output.dense.bias"] = (SIZE, 64), (SIZE,)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"{inner}.{name}.weight"], shapes[f"{inner}.{name}.bias"] = (SIZE,), (SIZE,)
    return {
        name: np.ones(shape) if name.endswith("Norm.weight") else draw.normal(scale=0.5, size=shape)
        for name, shape in shapes.items()
    }


def bert_folder(folder: Path, *, seed: int = 0, prompts: dict[str, str] | None = None) -> Path:
    """A whole model."""
    folder.mkdir(parents=True)
    write_tensors(folder / "model.safetensors", bert_tensors(seed))
    (folder / "vocab.txt").write_text("\n".join(_vocabulary()) + "\n")
    vocabulary = {word: place for place, word in enumerate(_vocabulary())}
    _json(
        folder / "tokenizer.json",
        {
            "version": "1.0",
            "added_tokens": [
                {"id": vocabulary[word], "content": word, "special": True, "single_word": False, "lstrip": False,
                 "rstrip": False, "normalized": False}
                for word in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
            ],
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                           "strip_accents": None, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {
                "type": "BertProcessing", "sep": ["[SEP]", vocabulary["[SEP]"]], "cls": ["[CLS]", vocabulary["[CLS]"]]
            },
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 100, "vocab": vocabulary},
        },
    )  # fmt: skip
    _json(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "BertTokenizer", "model_max_length": 64, "do_lower_case": True},
    )
    _json(
        folder / "config.json",
        {
            "architectures": ["BertModel"], "model_type": "bert", "vocab_size": len(_vocabulary()),
            "hidden_size": SIZE, "num_hidden_layers": LAYERS, "num_attention_heads": 2, "intermediate_size": 64,
            "max_position_embeddings": 64, "type_vocab_size": 2,
        },
    )  # fmt: skip
    modules(folder, "Transformer", "Pooling")
    (folder / "1_Pooling").mkdir()
    _json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": SIZE, "pooling_mode_mean_tokens": True},
    )
    if prompts is not None:
        _json(folder / "config_sentence_transformers.json", {"prompts": prompts})
    return folder


def modules(folder: Path, *types: str) -> None:
    """Write which modules a model has; the first one lies in the folder itself."""
    _json(
        folder / "modules.json",
        [
            {
                "idx": place,
                "name": str(place),
                "path": f"{place}_{type_}" if place else "",
                "type": type_ if "." in type_ else f"sentence_transformers.models.{type_}",
            }
            for place, type_ in enumerate(types)
        ],
    )


def _vocabulary() -> list[str]:
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *(each for each in letters if each not in WORDS),
            *(f"##{letter}" for letter in letters)]  # fmt: skip


def _json(file: Path, document: object) -> None:
    file.write_text(json.dumps(document))
