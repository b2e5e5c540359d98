"""How an embedding server's failures are worded."""

from wherein.endpoint.failures import Purpose

KEY = "WHEREIN_EMBEDDING_API_KEY"

EMBEDDINGS = Purpose(
    server="The embedding server",
    url="deep_endpoint",
    model="deep_model",
    key=f"put the server's key into the environment variable {KEY}",
    too_long="A text does not fit the embedding model's window",
    shorten="use a model with a larger window, or enlarge the server's",
)
