"""Keys, passwords and tokens: which files hold nothing else, and where single ones stand in a text."""
