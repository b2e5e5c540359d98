"""OpenAI-compatible servers, whatever they are asked: how they are reached, and understood when they fail."""
