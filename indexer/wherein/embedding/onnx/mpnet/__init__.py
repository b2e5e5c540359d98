"""all-mpnet-base-v2 for the deep tier: made on the user's machine out of what a package index has."""
