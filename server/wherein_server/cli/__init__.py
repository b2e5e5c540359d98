"""The `wherein` command: one file a command in `commands`, thin over `import wherein`."""
