"""From a query to hits: parse, retrieve, rank, vary."""
