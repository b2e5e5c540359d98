"""How an embedding server's failures are told."""

from wherein.endpoint.failures import Purpose

KEY = "WHEREIN_EMBEDDING_API_KEY"

EMBEDDINGS = Purpose(
    server="The embedding server",
    url="deep_endpoint",
    model="deep_model",
    key=f"put the server's key into the environment variable {KEY}",
    too_long="A text does not fit the embedding model's window",
    shorten="take a model with a larger window, or let the server have one",
)
