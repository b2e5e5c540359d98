"""Git hooks that have an index updated in the background: installed, removed, inspected, served."""
