"""Pushes that forges report, so that nobody has to wait for a poll."""
