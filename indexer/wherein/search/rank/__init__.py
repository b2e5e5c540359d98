"""Ranking: small steps, each a file, each giving named features of the candidates; a weighted sum orders them."""
