"""What answers people: the `wherein` command and the servers beside it. It knows terminals; `wherein` knows code."""
