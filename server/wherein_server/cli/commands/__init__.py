"""The commands, each in the file of its name, as `command`. Loaded when called."""
