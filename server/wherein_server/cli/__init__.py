"""The `wherein` command: one file for each command in `commands`, thin over `import wherein`."""
