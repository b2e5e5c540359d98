"""Outside repositories, nothing is indexed unasked: which places are asked about (`places`), and what was answered
(`agreed`)."""
