"""Repositories, views and what is left out of them. Knows git and folders, and nothing of chunks, stores or editors."""
