"""What each tool does, one a file."""
