"""Texts → vectors: the embedder that indexing and search share, and the model that comes with wherein."""
