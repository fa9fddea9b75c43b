"""What every test shares."""

from __future__ import annotations

import os
import tempfile

# Tests never touch the data folder of a running installation.
os.environ.setdefault("KOKEMUS_DATA_DIR", tempfile.mkdtemp(prefix="kokemus-tests-"))
os.environ.setdefault("KOKEMUS_SECRET_KEY", "a key for tests only, never for real use")
