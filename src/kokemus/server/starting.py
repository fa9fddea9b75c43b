"""The start of a process, and what keeps it from starting in a sentence instead of a traceback."""

from __future__ import annotations

import os

from kokemus.server.configuration import Configuration, configuration, variable_of


class CannotStart(RuntimeError):
    """Why a command cannot start, in a sentence for the operator."""


# Who listens at all addresses is reached at this machine's own.
OWN_ADDRESSES = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def load_to_serve(*, host: str, port: int) -> Configuration:
    """`load`; if no public address is set, it is where this start listens.

    It is put into the environment, so that every process that comes of this one has the same.
    """
    variable = variable_of("public_url")
    if not os.environ.get(variable, "").strip():
        os.environ[variable] = address_of_start(host=host, port=port)
    return load()


def address_of_start(*, host: str, port: int) -> str:
    reached = OWN_ADDRESSES.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def load() -> Configuration:
    """Read the configuration and set Django up; raise `CannotStart` for a wrong setting."""
    from kokemus.server.configuration import WrongSetting

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokemus.server.settings")
    try:
        chosen = configuration()
        import django

        django.setup(set_prefix=False)
    except WrongSetting as wrong:
        raise CannotStart(str(wrong)) from None
    return chosen


def prepare_or_explain(chosen: Configuration) -> None:
    """Bring the tables up to date and leave no connection open; raise `CannotStart`."""
    from django.db import OperationalError, connections

    from kokemus.server.prepare import prepare_database

    try:
        prepare_database()
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise CannotStart(
            f"The database ({where(chosen)}) cannot be used: {reason}. "
            "Check KOKEMUS_DATABASE_URL and that the database runs."
        ) from None
    except OSError as error:
        raise CannotStart(
            f"{error.filename or chosen.data_dir} cannot be written ({error.strerror}). "
            "Check KOKEMUS_DATA_DIR and KOKEMUS_DATABASE_URL."
        ) from None
    finally:
        connections.close_all()


def prepare_static_or_explain(chosen: Configuration) -> None:
    from kokemus.server.prepare import StaticFilesMissing, prepare_static_files

    try:
        prepare_static_files()
    except StaticFilesMissing:
        raise CannotStart(
            f"The static files could not be collected into {chosen.data_dir / 'static'}; "
            "the lines above say why."
        ) from None


def where(chosen: Configuration) -> str:
    """The database's address without user and password."""
    scheme, _, rest = chosen.resolved_database_url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"
