"""Questions in other languages, read as English, since names in code are English. Each language is one .toml."""
