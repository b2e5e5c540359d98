"""A real llama-server for tests, with tiny models that are made on the spot: what they say is known."""

from llama_server.recital import Recital
from llama_server.server import LlamaServer

__all__ = ["LlamaServer", "Recital"]
