"""Which files that git shows are left out because of their names: patterns, attributes, conventions."""
