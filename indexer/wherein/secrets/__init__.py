"""Keys, passwords and tokens: which files hold nothing else, and where single ones are in a text."""
