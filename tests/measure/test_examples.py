import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from kokemus import measure

MODULES = [
    module.name.removeprefix("kokemus.measure.")
    for module in pkgutil.walk_packages(measure.__path__, "kokemus.measure.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name) -> None:
    assert doctest.testmod(importlib.import_module(f"kokemus.measure.{name}")).failed == 0


@pytest.mark.parametrize(
    "function",
    [name for name in measure.__all__ if callable(getattr(measure, name)) and name.islower()],
)
def test_every_public_function_has_an_example(function) -> None:
    assert ">>> " in (getattr(measure, function).__doc__ or "")


LIBRARIES = {"narwhals", "scipy", "polars", "pandas", "pyarrow", "duckdb", "django", "altair"}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_importing_measure_imports_no_dataframe_library_and_no_scipy() -> None:
    code = (
        "import sys; from kokemus import measure; measure.intervals, measure.nps;"
        f"print(sorted(name for name in sys.modules if name in {LIBRARIES!r}))"
    )
    assert run(code) == "[]"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_importing_measure_takes_little_memory() -> None:
    code = (
        "import pathlib; from kokemus import measure; measure.nps_from_histogram({9: 1});"
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    assert 1 < int(run(code)) / 1024 < 60


def test_no_method_brings_scipy_stats() -> None:
    code = (
        "import sys; from kokemus import measure;"
        "[getattr(measure, name) for name in measure.__all__];"
        "print([name for name in ('scipy.stats', 'narwhals', 'altair') if name in sys.modules])"
    )
    assert run(code) == "[]"


def test_every_name_is_imported_once_and_listed() -> None:
    assert measure.__all__ == sorted(measure.__all__)
    found = {*measure._MODULE_OF} | {"intervals"}
    assert found == set(measure.__all__)
    for name in measure.__all__:
        assert getattr(measure, name) is getattr(measure, name)
    assert set(measure.__all__) <= set(dir(measure))


def test_no_module_has_the_name_of_a_function() -> None:
    assert {name for name in MODULES if "." not in name} & set(measure.__all__) == {"intervals"}


def test_a_name_that_there_is_not_is_said() -> None:
    with pytest.raises(AttributeError, match=r"'kokemus\.measure' has no attribute 'npz'"):
        measure.npz
