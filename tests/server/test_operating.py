"""What docs/operate.md promises: a clean stop in the middle of work, backup and restore."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import time
from pathlib import Path

import pytest
from tests.serving import PostgresCluster, RunningKokemus, running_kokemus

pytestmark = [pytest.mark.server, pytest.mark.own_database]

SET_UP = """
import time
from django.conf import settings
from kokemus.respond.live_token import sign_listener
from kokemus.store.models import ApiKey
from tests.world import make_world
world = make_world("Operating")
_, key = ApiKey.objects.issue(world.organisation, name="test", scopes=["responses:write"])
expires = int(time.time()) + 600
token = sign_listener(world.agent.pk, expires=expires, secret_key=settings.SECRET_KEY)
print(key, world.survey.link, token)
"""
COUNT = "from kokemus.store.models import Response; print(Response.objects.count())"


def answer(running: RunningKokemus, *, key: str, link: str, name: str) -> int:
    body = {"survey": link, "score": 9, "key": name}
    return running.post("/api/v1/responses", body, Authorization=f"Bearer {key}")[0]


def connect(running: RunningKokemus) -> socket.socket:
    host, _, port = running.base_url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def test_a_stop_answers_what_has_begun_and_ends_streams(tmp_path: Path) -> None:
    with running_kokemus(tmp_path) as running:
        key, link, token = running.python(SET_UP).split()
        stream = connect(running)
        stream.sendall(
            f"GET /live/today?token={token} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        )
        assert b"200 OK" in stream.recv(4096)
        body = json.dumps({"survey": link, "score": 9, "key": "half"}).encode()
        slow = connect(running)
        head = (
            f"POST /api/v1/responses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        )
        slow.sendall(
            f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[:10]
        )
        time.sleep(0.3)
        begun = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        slow.sendall(body[10:])
        answered = slow.recv(4096)
        status = running.process.wait(20)
        seconds = time.monotonic() - begun
        slow.close()
        stream.close()
        kept = int(running.python(COUNT))
    assert answered.startswith(b"HTTP/1.1 201")
    assert (status, kept) == (0, 1)
    assert seconds < 8, "the open stream held the stop up"


def test_an_idle_connection_does_not_hold_the_stop_up(tmp_path: Path) -> None:
    with running_kokemus(tmp_path) as running:
        idle = connect(running)
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 ")
        begun = time.monotonic()
        running.stop()
        seconds = time.monotonic() - begun
        idle.close()
    assert seconds < 8


def test_a_backup_of_sqlite_is_restored(tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite3"
    with running_kokemus(tmp_path) as running:
        key, link, _ = running.python(SET_UP).split()
        before = answer(running, key=key, link=link, name="before")
        source = sqlite3.connect(running.data_dir / "kokemus.sqlite3")
        target = sqlite3.connect(backup)
        source.backup(target)
        source.close()
        target.close()
        after = answer(running, key=key, link=link, name="after")
    folder = tmp_path / "restored"
    folder.mkdir()
    shutil.copy(backup, folder / "kokemus.sqlite3")
    with running_kokemus(tmp_path, environment={"KOKEMUS_DATA_DIR": str(folder)}) as restored:
        kept = int(restored.python(COUNT))
        again = answer(restored, key=key, link=link, name="before")
    assert (before, after, kept, again) == (201, 201, 1, 200)


def test_a_backup_of_postgresql_is_restored(tmp_path: Path, postgresql: PostgresCluster) -> None:
    backup = tmp_path / "backup.dump"
    with running_kokemus(tmp_path, database="postgresql", postgresql=postgresql) as running:
        key, link, _ = running.python(SET_UP).split()
        before = answer(running, key=key, link=link, name="before")
        name = running.environment["KOKEMUS_DATABASE_URL"].rpartition("/")[2]
        postgresql.run("pg_dump", "--format=custom", f"--file={backup}", name)
        after = answer(running, key=key, link=link, name="after")
    url = postgresql.new_database()
    postgresql.run("pg_restore", "--no-owner", f"--dbname={url.rpartition('/')[2]}", str(backup))
    with running_kokemus(tmp_path, environment={"KOKEMUS_DATABASE_URL": url}) as restored:
        kept = int(restored.python(COUNT))
        again = answer(restored, key=key, link=link, name="before")
    assert (before, after, kept, again) == (201, 201, 1, 200)
