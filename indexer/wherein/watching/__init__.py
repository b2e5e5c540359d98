"""Notices when files change, through the system or by looking."""
