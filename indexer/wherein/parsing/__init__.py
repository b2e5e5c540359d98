"""Parsing in a process that limits of time and memory end."""
