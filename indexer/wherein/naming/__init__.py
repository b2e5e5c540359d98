"""Under which name a repository's index is kept: what it claims (`claims`), and who had the name first (`register`)."""
