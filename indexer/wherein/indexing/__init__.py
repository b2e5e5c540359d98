"""Files → the store: what is new is chunked, embedded and written, in batches, on every core."""
