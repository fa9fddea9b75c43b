"""`pip install kokemus` alone: no Django, and `measure` and `kokemus score` work."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.comments.talk import TALK

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"

pytestmark = pytest.mark.slow


def run(*command: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """In surroundings that do not hold the column engine to one thread, as other tests may."""
    freely = {name: value for name, value in os.environ.items() if name != "POLARS_MAX_THREADS"}
    return subprocess.run(
        [*map(str, command)], cwd=folder, env=freely, capture_output=True, text=True
    )


def run_well(*command: str | Path, folder: Path = ROOT) -> str:
    done = run(*command, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment that holds the wheel and the base alone."""
    folder = tmp_path_factory.mktemp("base")
    run_well(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist")
    (wheel,) = (folder / "dist").glob("*.whl")
    run_well(UV, "venv", "--python", sys.executable, folder / "venv")
    programs = folder / "venv" / "bin"
    install = [UV, "pip", "install", "--python", programs / "python"]
    run_well(*install, "--require-hashes", "-r", ROOT / "requirements" / "base.txt")
    run_well(*install, "--no-deps", wheel)
    run_well(*install, "-c", ROOT / "requirements" / "dev.txt", "pytest", "hypothesis")
    return programs


def test_the_base_brings_no_django(base: Path, tmp_path: Path) -> None:
    done = run(base / "python", "-c", "import django", folder=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        "ModuleNotFoundError: No module named 'django'",
    )
    where = run_well(
        base / "python", "-c", "import kokemus; print(kokemus.__file__)", folder=tmp_path
    )
    assert Path(where.strip()).is_relative_to(base.parent)


def test_measure_passes_its_tests_there(base: Path) -> None:
    printed = run_well(
        base / "python",
        *(
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "not spark and not slow",
            "tests/measure",
        ),
    )
    assert " passed" in printed
    assert "[polars-lazy]" in run_well(
        base / "python", "-m", "pytest", "-q", "--collect-only", "tests/measure/test_scores.py"
    )


def test_measure_needs_narwhals_numpy_and_scipy_only(base: Path, tmp_path: Path) -> None:
    run_well(UV, "venv", "--python", sys.executable, tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    install = [UV, "pip", "install", "--python", python]
    pins = ["-c", ROOT / "requirements" / "base.txt"]
    run_well(*install, *pins, "--no-deps", "narwhals", "numpy", "scipy")
    (wheel,) = (base.parents[1] / "dist").glob("*.whl")
    run_well(*install, "--no-deps", wheel)
    code = (
        "from kokemus import measure; [getattr(measure, name) for name in measure.__all__];"
        "print(measure.csat_from_histogram({5: 4, 1: 1}, method='clopper_pearson'))"
    )
    printed = run_well(python, "-c", code, folder=tmp_path)
    assert printed.startswith("CSAT 80.0 % (95 % interval 28.4 % to 99.5 %")


def test_score_reads_a_file_there(base: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("score\n10\n9\n7\n3\n99\n")
    printed = run_well(
        base / "kokemus",
        *("score", "answers.csv", "--score", "score", "--missing", "99", "--json"),
        folder=tmp_path,
    )
    found = json.loads(printed)
    assert (found["estimate"], found["answers"], found["missing"]) == (25.0, 4, 1)


def test_comments_are_read_there(base: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(
        "comment\nAsentaja oli todella ystävällinen, terveisin Maija Virtanen\n", "utf-8"
    )
    printed = run_well(
        base / "kokemus",
        *("comments", "answers.csv", "--text", "comment", "--language", "fi", "--json"),
        folder=tmp_path,
    )
    found = json.loads(printed)
    assert (found["language"], found["label"], found["themes"]) == ("fi", "positive", ["staff"])
    assert found["redacted"].endswith("terveisin [nimi]")


def test_talk_is_told_from_feedback_there(base: Path, tmp_path: Path) -> None:
    (tmp_path / "forum.csv").write_text("\n".join(["comment", *TALK]) + "\n", "utf-8")
    command = ("comments", "forum.csv", "--text", "comment", "--language", "fi")
    done = run(base / "kokemus", *command, folder=tmp_path)
    assert (done.returncode, done.stderr.startswith("Read as talk")) == (0, True), done.stderr


def test_other_kinds_of_files_are_read_there(base: Path, tmp_path: Path) -> None:
    code = (
        "import polars, pyreadstat; frame = polars.DataFrame({'score': [10, 9, 7, 3]});"
        "frame.write_parquet('a.parquet'); pyreadstat.write_sav(frame, 'a.sav')"
    )
    run_well(base / "python", "-c", code, folder=tmp_path)
    for name in ("a.parquet", "a.sav"):
        printed = run_well(base / "kokemus", "score", name, "--score", "score", folder=tmp_path)
        assert printed.startswith("NPS 25.0 (95 % interval ")


def test_a_command_of_the_server_says_what_to_install(base: Path, tmp_path: Path) -> None:
    code = (
        "from kokemus import cli; import types;"
        "command = types.SimpleNamespace(add_parser=lambda found:"
        " found.add_parser('pages').set_defaults(run=lambda chosen: __import__('django')));"
        "cli.command_modules = lambda: [command]; raise SystemExit(cli.main(['pages']))"
    )
    done = run(base / "python", "-c", code, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert 'Install it: pip install "kokemus[server]"' in done.stderr
