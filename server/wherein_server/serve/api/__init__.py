"""What the server answers in JSON, one subject a file."""
