"""Which definitions call which, judging by names: the index holds no types."""
