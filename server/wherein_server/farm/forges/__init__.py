"""Forges: what they list for an organisation."""
