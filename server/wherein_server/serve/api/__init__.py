"""What the server answers in JSON, a subject a file."""
