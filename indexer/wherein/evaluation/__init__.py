"""How well searches find what is asked for in the user's own code: questions, figures, comparison with earlier ones."""
