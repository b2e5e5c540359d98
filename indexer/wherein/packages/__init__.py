"""Files out of the user's package index: looked for where pip would, fetched, and believed by their hash alone."""
