import pkgutil
import subprocess
import sys

import pytest

from kokemus import cli


def test_every_module_beside_it_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["--help"])
    printed = capsys.readouterr().out
    assert exit_.value.code == 0
    assert "kokemus" in printed
    for module in pkgutil.iter_modules(cli.__path__):
        if not module.name.startswith("_"):
            assert module.name.split("_")[0] in printed


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["--version"])
    assert (exit_.value.code, capsys.readouterr().out) == (0, "kokemus 0.1.0\n")


def test_the_parser_is_built_without_what_is_slow_to_import() -> None:
    code = (
        "import sys; from kokemus import cli; cli.build_parser();"
        "print(sorted({'django', 'polars', 'numpy', 'narwhals', 'scipy'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (printed.stdout, printed.stderr) == ("[]\n", "")


@pytest.mark.parametrize("missing", ["django.db", "uvicorn"])
def test_a_missing_server_extra_is_said_in_words(
    missing: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli, "command_modules", lambda: [Lacking(missing)])
    assert cli.main(["lacking"]) == 2
    assert capsys.readouterr().err == (
        "kokemus lacking needs the server, which is not installed here"
        f' ({missing} is missing). Install it: pip install "kokemus[server]"\n'
    )


def test_a_module_of_ours_that_is_missing_is_not_explained_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cli, "command_modules", lambda: [Lacking("kokemus.store.gone")])
    with pytest.raises(ModuleNotFoundError):
        cli.main(["lacking"])


class Lacking:
    """A command's module whose run needs a package that is not there."""

    def __init__(self, missing: str) -> None:
        self.missing = missing

    def add_parser(self, subparsers: "cli.Subparsers") -> None:
        subparsers.add_parser("lacking").set_defaults(run=self.run)

    def run(self, arguments: object) -> int:
        raise ModuleNotFoundError(self.missing, name=self.missing)
