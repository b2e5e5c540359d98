"""Chunkers for documents and data: modules with `chunk(text, language)`, named by the .toml of a language."""
