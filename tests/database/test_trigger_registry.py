"""The quick registry of triggers holds and refuses what the library's own does."""

import pgtrigger
import pytest
from pgtrigger import registry

from apps.platform.runs.models import Run
from rmrcpm.triggers import IndexedRegistry


def test_its_indices_are_those_the_library_would_build():
    found = registry._registry
    assert isinstance(found, IndexedRegistry)
    assert len(found) > 500
    assert found.pg_function_names == registry._Registry.pg_function_names.fget(found)
    assert found.by_db_table == registry._Registry.by_db_table.fget(found)


def test_a_name_taken_is_refused_and_free_again_when_its_trigger_goes():
    first = pgtrigger.Protect(name="tried_twice", operation=pgtrigger.Delete)
    second = pgtrigger.Protect(name="tried_twice", operation=pgtrigger.Update)
    first.register(Run)
    try:
        with pytest.raises(KeyError, match="already"):
            second.register(Run)
    finally:
        first.unregister(Run)
    assert ("runs_run", "tried_twice") not in registry._registry.by_db_table
    second.register(Run)
    second.unregister(Run)
