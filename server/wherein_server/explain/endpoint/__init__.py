"""An OpenAI-compatible server: found, asked, and understood when it fails."""
