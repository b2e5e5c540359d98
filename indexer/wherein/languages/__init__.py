"""What wherein knows about programming languages and file formats."""
