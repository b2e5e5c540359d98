"""The name that a repository's index is kept under: what it claims (`claims`), and who had the name first
(`register`)."""
