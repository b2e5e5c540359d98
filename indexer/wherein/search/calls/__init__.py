"""Which definitions call which, told from names: the index holds no types."""
