"""Which files git shows and wherein leaves out for what they are named: patterns, attributes, conventions."""
