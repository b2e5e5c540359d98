"""Being told when files change, by the system or by looking."""
