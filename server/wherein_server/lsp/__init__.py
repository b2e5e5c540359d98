"""The language server: translates between editors and the library; it searches and indexes nothing itself."""
