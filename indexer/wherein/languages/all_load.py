"""Whether every installed grammar loads, with its query: printed as JSON, language → what is wrong, or "".

A process of its own, for to make a query holds all of an interpreter's threads, and a library that is broken may end
the process that loads it. The queries take three quarters of a second together; those of grammars in the version that
this release was tried with are known to fit.
"""

import json
import sys

from wherein.languages import parsers, registry


def main() -> None:
    """Print it."""
    told: dict[str, str] = {}
    untried = parsers.others()
    for name in registry.names():
        language = registry.get(name)
        if not language.grammar:
            continue
        try:
            _ = language.loaded_grammar
            if not untried.keys().isdisjoint((parsers.RUNTIME, parsers.package_of(language.grammar))):
                _ = language.query
            told[name] = ""
        except MemoryError:
            raise
        except Exception as error:
            told[name] = str(error) or type(error).__name__
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
