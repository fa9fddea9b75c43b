"""The command loads the invented company, and refuses a database that is somebody's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOUND = (
    "import django; django.setup();"
    "from django.core.management import call_command; call_command('migrate', verbosity=0);"
    "from kokemus.store.models import Organisation;"
    "Organisation.objects.found(name='Acme Oy', language='fi', time_zone='Europe/Helsinki')"
)


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    own = {"KOKEMUS_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "kokemus.server.settings"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KOKEMUS_")}
    return subprocess.run(
        command, env=kept | own, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.server
def test_a_database_with_an_organisation_is_refused_in_words(tmp_path: Path) -> None:
    assert run([sys.executable, "-c", FOUND], tmp_path).returncode == 0
    refused = run([str(Path(sys.executable).parent / "kokemus"), "demo", "--load-only"], tmp_path)
    assert refused.returncode == 2
    assert "Acme Oy" in refused.stderr
    assert "Traceback" not in refused.stderr
