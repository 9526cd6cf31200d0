"""The nodes of the chain, one module for each or for a family; a module is found by being here."""

from importlib import import_module
from pkgutil import iter_modules

LAST = "rounding"  # it reads every charge code, so it is declared after them
for name in sorted((m.name for m in iter_modules(__path__)), key=lambda n: (n == LAST, n)):
    import_module(f"{__name__}.{name}")
