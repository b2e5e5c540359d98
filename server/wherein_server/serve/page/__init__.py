"""The web page: files that are sent as they are, the same to everybody."""
