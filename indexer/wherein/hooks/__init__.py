"""git's hooks that have an index brought up to date in the background: installed, taken out, looked at, served."""
