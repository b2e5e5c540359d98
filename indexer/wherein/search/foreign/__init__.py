"""Questions in other languages, read as English ones, since names in code are English. A language is one .toml."""
