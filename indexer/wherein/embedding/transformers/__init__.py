"""Any model of sentence-transformers, by its hub name or its folder; the extra `wherein[transformers]`."""
