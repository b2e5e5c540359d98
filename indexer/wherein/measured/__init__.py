"""How long questions and updates took on this machine: recorded as they happen, and added up on request."""
