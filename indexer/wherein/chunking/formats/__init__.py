"""Chunkers for documents and data. Each module offers `chunk(text, language)`; a language's .toml names it."""
