"""The modules that hold the compiled grammars."""

from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType


def binding(package: str) -> ModuleType:
    """The module `_binding` of a grammar's package without the package, or that where it has no such module.

    Packages import `importlib.resources` for queries that we do not use: 6 ms in a process that has just begun."""
    found = find_spec(package)
    if found is not None and found.submodule_search_locations is not None:
        spec = PathFinder.find_spec(f"{package}._binding", found.submodule_search_locations)
        if spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    return import_module(package)
