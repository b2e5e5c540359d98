"""A Mistral-like model of a few hundred kilobytes that recites a given text, whatever it is asked.

Every token is a direction of its own in the embedding; attention and feed-forward add nothing, so the last token alone
decides the next one, and the output matrix is a table of successors. The tokenizer is real (byte-level BPE, one token a
byte of a prompt, Mistral's control tokens), and so is the chat template: counting, overflow and roles behave as with a
large model.
"""

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

CONTROL = ("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]")
END, ASKED = CONTROL.index("</s>"), CONTROL.index("[/INST]")
HEADS, HEAD_SIZE = 2, 32

TEMPLATE = """\
{{- bos_token }}
{%- for message in messages %}
{%- if message.role == 'system' %}{{- '[SYSTEM_PROMPT]' + message.content + '[/SYSTEM_PROMPT]' }}
{%- elif message.role == 'user' %}{{- '[INST]' + message.content + '[/INST]' }}
{%- elif message.role == 'assistant' %}{{- message.content + eos_token }}
{%- else %}{{- raise_exception('Only system, user and assistant roles are supported!') }}
{%- endif %}{%- endfor %}"""
"""That of Mistral's newer models."""

TEMPLATE_WITHOUT_SYSTEM = """\
{{- bos_token }}
{%- for message in messages %}
{%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}
{{- raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}
{%- endif %}
{%- if message.role == 'user' %}{{- '[INST] ' + message.content + ' [/INST]' }}
{%- else %}{{- message.content + eos_token }}{%- endif %}{%- endfor %}"""
"""That of Mistral's first models: a system message is refused."""


@dataclass(frozen=True)
class Recital:
    """What a model says."""

    pieces: tuple[str, ...]
    """its tokens, in order, each different from the others"""
    endless: bool = False
    """begin again instead of ending"""
    system_role: bool = True

    def write(self, path: Path) -> Path:
        """Make the model's file."""
        names = [*CONTROL, *map(_byte_name, range(256)), _byte_name(ord(" ")) * 2]
        first = len(names)
        names += ["".join(_byte_name(byte) for byte in piece.encode()) for piece in self.pieces]
        assert len(set(names)) == len(names), "two pieces are alike, or one is a single byte"
        last = len(names) - 1
        successors = np.full(len(names), first)
        successors[first:last] = np.arange(first + 1, last + 1)
        successors[last] = first if self.endless else END
        kinds = [gguf.TokenType.UNKNOWN] + [gguf.TokenType.CONTROL] * (len(CONTROL) - 1)
        kinds += [gguf.TokenType.NORMAL] * (len(names) - len(kinds))
        writer = gguf.GGUFWriter(str(path), "llama")
        writer.add_name("recital")
        size = _rounded(len(names))
        _describe(writer, size, len(names))
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("default")
        writer.add_token_list(names)
        writer.add_token_types([int(kind) for kind in kinds])
        writer.add_token_merges([f"{_byte_name(ord(' '))} {_byte_name(ord(' '))}"])  # none at all are refused
        writer.add_bos_token_id(CONTROL.index("<s>"))
        writer.add_eos_token_id(END)
        writer.add_unk_token_id(0)
        writer.add_add_bos_token(True)
        writer.add_chat_template(TEMPLATE if self.system_role else TEMPLATE_WITHOUT_SYSTEM)
        _weights(writer, size, successors)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path


def _describe(writer: gguf.GGUFWriter, size: int, vocabulary: int) -> None:
    writer.add_context_length(32_768)
    writer.add_embedding_length(size)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_key_length(HEAD_SIZE)
    writer.add_value_length(HEAD_SIZE)
    writer.add_rope_dimension_count(HEAD_SIZE)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(vocabulary)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)


def _weights(writer: gguf.GGUFWriter, size: int, successors: np.ndarray) -> None:
    count, attended = len(successors), HEADS * HEAD_SIZE
    directions = np.eye(count, size, dtype=np.float32)
    following = np.zeros((count, size), np.float32)
    following[successors, np.arange(count)] = (
        4.0  # some 70 of logit after the norm: nothing else is ever sampled
    )
    writer.add_tensor("token_embd.weight", directions)
    writer.add_tensor("output.weight", following)
    writer.add_tensor("output_norm.weight", np.ones(size, np.float32))
    for norm in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{norm}.weight", np.ones(size, np.float32))
    for name, shape in {
        "attn_q": (attended, size),
        "attn_k": (attended, size),
        "attn_v": (attended, size),
        "attn_output": (size, attended),
        "ffn_gate": (32, size),
        "ffn_up": (32, size),
        "ffn_down": (size, 32),
    }.items():
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float32))


def _rounded(number: int) -> int:
    return -(-number // 32) * 32


def _byte_name(byte: int) -> str:
    """How byte-level BPE writes a byte: printable ones as themselves, others as letters from 256 on."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    if byte in printable:
        return chr(byte)
    return chr(256 + [other for other in range(256) if other not in printable].index(byte))
