"""Parsing in a process that a time and a memory limit end."""
