"""One set of rows as every kind of dataframe that is installed here.

Spark and Sail are two kinds more, under the marker `spark`: leave them out by `-m "not spark"`.
They run on what is installed; with CI=1 their absence is a failure.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Generator, Iterator
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
OPTIONAL = {"altair", "duckdb", "pandas", "pyarrow"}
SERVERS = {"spark": ["pyspark", "pyarrow"], "sail": ["pysail", "pyspark", "pyarrow"]}
BEHIND_SERVERS = [pytest.param(name, marks=pytest.mark.spark) for name in SERVERS]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Skip what the base installation lacks; where it is installed, nothing is skipped."""
    try:
        return (yield)
    except ImportError as error:  # a chart's MissingExtra is one, and names no module
        lacking = error.name or "altair"
        if lacking not in OPTIONAL or find_spec(lacking):
            raise
        pytest.skip(f"needs {lacking}")


@pytest.fixture(params=[*INSTALLED, *BEHIND_SERVERS])
def make_frame(request: pytest.FixtureRequest) -> Callable[[Rows], Any]:
    """A function from a dictionary of columns to a frame of one kind."""
    if request.param not in SERVERS:
        return KINDS[request.param][0]
    if lacking := list_lacking(request.param):
        if os.environ.get("CI"):
            pytest.fail(f"{request.param} needs {lacking}, which is not installed")
        pytest.skip(f"{request.param} needs {lacking}")
    session = request.getfixturevalue(f"{request.param}_session")
    return lambda rows: session.createDataFrame(as_pyarrow(type_columns(rows)))


def list_lacking(server: str) -> str:
    lacking = [name for name in SERVERS[server] if not find_spec(name)]
    if server == "spark" and not shutil.which("java"):
        lacking.append("java")
    return " and ".join(lacking)


def type_columns(rows: Rows) -> Rows:
    """Give a column of nothing a type: Spark knows none for it."""
    import pyarrow

    return {
        name: pyarrow.array(column, pyarrow.float64()) if set(column) == {None} else column
        for name, column in rows.items()
    }


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark in this process's JVM: one thread, one partition, nothing listening outside."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        # Nothing runs long enough here for the thorough compiler to be worth its time.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        # Or the line of Python behind each expression is told to Java, in case there is an error.
        "spark.python.sql.dataFrameDebugging.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark")),
    }
    with clean_surroundings(SPARK_LOCAL_IP="127.0.0.1"):
        session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


@pytest.fixture(scope="session")
def sail_session() -> Iterator[Any]:
    """Sail, which speaks Spark Connect, as a thread of this process."""
    from pysail.spark import SparkConnectServer

    with clean_surroundings(RUST_LOG="error"):
        server = SparkConnectServer(ip="127.0.0.1", port=0)
        server.start(background=True)
        from pyspark.sql.connect.session import SparkSession

        address = f"sc://127.0.0.1:{server.listening_address[1]}"
        session = SparkSession.builder.remote(address).create()
        session.conf.set("spark.sql.session.timeZone", "UTC")
        yield session
        session.stop()
        server.stop()


@contextlib.contextmanager
def clean_surroundings(**variables: str) -> Iterator[None]:
    """Set variables of the environment, and put back what was there."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
