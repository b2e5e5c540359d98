"""How well searches find what is asked for in one's own code: questions, figures, comparison with earlier ones."""
