"""Pushes that forges tell of, so that nobody has to wait for a poll."""
