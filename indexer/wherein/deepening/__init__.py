"""The deep tier: what is embedded, in which order, by which model, and what answers until it is complete."""
