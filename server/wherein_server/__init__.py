"""What answers people. It knows terminals and editors; the package `wherein` knows code."""
