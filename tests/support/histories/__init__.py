"""Random histories of repositories: made from a seed, replayed from it, shortened where they fail."""

from histories.history import Step, history, shortened
from histories.world import World

__all__ = ["Step", "World", "history", "shortened"]
