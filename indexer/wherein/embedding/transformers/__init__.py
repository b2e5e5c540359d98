"""Any model of sentence-transformers, by its name on the hub or its folder; the extra `wherein[transformers]`."""
