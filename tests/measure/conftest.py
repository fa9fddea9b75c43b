"""One set of rows as every kind of dataframe that is installed here."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import settings

# A machine that pauses is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

Rows = dict[str, list[Any]]


def as_polars(rows: Rows) -> Any:
    import polars

    return polars.DataFrame(rows, strict=False)


def as_polars_lazy(rows: Rows) -> Any:
    return as_polars(rows).lazy()


def as_pandas(rows: Rows) -> Any:
    import pandas

    return pandas.DataFrame(rows)


def as_pandas_nullable(rows: Rows) -> Any:
    return as_pandas(rows).convert_dtypes()


def as_pyarrow(rows: Rows) -> Any:
    import pyarrow

    return pyarrow.table(rows)


def as_duckdb(rows: Rows) -> Any:
    import duckdb

    return duckdb.from_arrow(as_pyarrow(rows))


KINDS: dict[str, tuple[Callable[[Rows], Any], list[str]]] = {
    "polars": (as_polars, ["polars"]),
    "polars-lazy": (as_polars_lazy, ["polars"]),
    "pandas": (as_pandas, ["pandas"]),
    "pandas-nullable": (as_pandas_nullable, ["pandas"]),
    "pyarrow": (as_pyarrow, ["pyarrow"]),
    "duckdb": (as_duckdb, ["duckdb", "pyarrow"]),
}
INSTALLED = [name for name, (_, needs) in KINDS.items() if all(map(find_spec, needs))]


@pytest.fixture(params=INSTALLED)
def make_frame(request: pytest.FixtureRequest) -> Callable[[Rows], Any]:
    return KINDS[request.param][0]
