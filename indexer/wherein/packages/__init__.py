"""Files from the user's package index: looked for where pip would look, fetched, and accepted only by their hash."""
