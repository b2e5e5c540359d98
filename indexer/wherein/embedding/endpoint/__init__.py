"""Embeddings from an OpenAI-compatible server, here or elsewhere."""
