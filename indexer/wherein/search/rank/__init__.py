"""Ranking: small steps, one a file, each giving named features of the candidates; a weighted sum orders them."""
