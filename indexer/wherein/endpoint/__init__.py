"""OpenAI-compatible servers, whatever they are asked: how to reach them, and what their failures mean."""
