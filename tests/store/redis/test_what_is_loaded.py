"""A search waits for every module that is loaded before it."""

import json
import subprocess
import sys

LOADED = "import json, sys, wherein.store.redis.store; print(json.dumps(sorted(sys.modules)))"
FOR_OTHERS = ("writing", "upkeep", "repositories", "quota", "health", "roles")


def test_what_writes_keeps_house_or_looks_at_servers_is_not_loaded_for_a_search():
    found = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    packages = tuple(f"wherein.store.redis.{each}" for each in FOR_OTHERS)
    assert [name for name in json.loads(found.stdout) if name.startswith(packages)] == []
