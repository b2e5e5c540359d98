import inspect
import json
import unicodedata

import numpy as np
import pytest
import tokenizers
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from wherein import tokens
from wherein.embedding import wordpiece
from wherein.embedding.static import PACKAGED
from wherein.embedding.wordpiece import WordPieces

VOCABULARY = (PACKAGED / "vocabulary.txt").read_text("utf-8").split()


@pytest.fixture(scope="module")
def rows() -> WordPieces:
    return WordPieces({piece: row for row, piece in enumerate(VOCABULARY)})


@pytest.fixture(scope="module")
def reference() -> tokenizers.Tokenizer:
    vocabulary = {piece: row for row, piece in enumerate(VOCABULARY)}
    vocabulary["[UNK]"] = len(VOCABULARY)
    tokenizer = tokenizers.Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def test_words_of_real_code_fall_into_the_pieces_that_bert_gives_them(rows, reference):
    sources = (inspect, json, np.lib.format, pytest, tokenizers, unicodedata, wordpiece)
    texts = [
        inspect.getsource(module) for module in sources if getattr(module, "__file__", "").endswith(".py")
    ]
    words = sorted({word for text in texts for word in tokens.words(text)})
    assert len(words) > 1000
    assert {word: rows[word] for word in words} == {word: tuple(reference.encode(word).ids) for word in words}


@pytest.mark.parametrize(
    "word", ["größe", "naïve", "café", "Ελλάδα".casefold(), "кэш", "日本語", "ファイル", "x86", "한국어"]
)
def test_words_of_other_scripts_fall_into_the_pieces_that_bert_gives_them(rows, reference, word):
    assert rows[word] == tuple(reference.encode(word).ids)


def test_the_longest_piece_wins(rows):
    assert [VOCABULARY[row] for row in rows["tokenizer"]] == ["token", "##izer"]
    assert [VOCABULARY[row] for row in rows["http"]] == ["http"]


def test_each_chinese_character_is_a_word():
    pieces = WordPieces({"中": 0, "文": 1, "##文": 2, "a": 3})
    assert pieces["a中文"] == (3, 0, 1)


def test_accents_are_dropped():
    pieces = WordPieces({"cafe": 0})
    assert pieces["café"] == (0,)


def test_characters_that_the_vocabulary_lacks_are_passed_over():
    pieces = WordPieces({"get": 0, "##ter": 1})
    assert pieces["get\U0001f600ter"] == (0, 1)
    assert pieces["\U0001f600"] == ()
    assert pieces[""] == ()


def test_a_word_is_split_once(rows):
    assert rows["serialization"] is rows["serialization"]


def test_the_memory_of_words_is_bounded(monkeypatch):
    monkeypatch.setattr(wordpiece, "CACHED_WORDS", 3)
    pieces = WordPieces({"a": 0, "##a": 1})
    assert [pieces["a" * n] for n in range(1, 9)] == [(0,) + (1,) * n for n in range(8)]
    assert len(pieces) <= 3
