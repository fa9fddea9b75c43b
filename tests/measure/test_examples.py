import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

from kokemus import measure

MODULES = [module.name for module in pkgutil.iter_modules(measure.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name) -> None:
    assert doctest.testmod(importlib.import_module(f"kokemus.measure.{name}")).failed == 0


@pytest.mark.parametrize(
    "function",
    [name for name in measure.__all__ if callable(getattr(measure, name)) and name.islower()],
)
def test_every_public_function_has_an_example(function) -> None:
    assert ">>> " in (getattr(measure, function).__doc__ or "")


def test_importing_measure_imports_no_dataframe_library_and_no_scipy() -> None:
    code = (
        "import sys; from kokemus import measure; print(sorted(name for name in sys.modules"
        " if name in {'narwhals', 'scipy', 'polars', 'pandas', 'pyarrow', 'duckdb', 'django'}))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (printed.stdout, printed.stderr) == ("[]\n", "")
