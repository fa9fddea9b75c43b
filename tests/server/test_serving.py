"""`kokemus serve`, for real: starts, answers, restarts what died, stops cleanly."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from tests.serving import (
    KOKEMUS,
    PostgresCluster,
    RunningKokemus,
    free_port,
    is_alive,
    running_kokemus,
)

pytestmark = [pytest.mark.server, pytest.mark.own_database]


def wait_for(condition: object, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def health(running: RunningKokemus) -> dict[str, object]:
    return dict(json.loads(running.get("/healthz")[2]))


def is_well(running: RunningKokemus) -> bool:
    return health(running)["status"] == "ok"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_serve_starts_web_and_worker_and_stops_cleanly(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cluster = request.getfixturevalue("postgresql") if database == "postgresql" else None
    threads_of_numpy = {"OPENBLAS_NUM_THREADS": "2"}  # as where nobody has asked for one
    with running_kokemus(
        tmp_path,
        database=database,
        postgresql=cluster,
        environment=threads_of_numpy,
        has_tables=False,
    ) as running:
        wait_for(lambda: is_well(running))
        pids = running.pids()
        threads = list(Path(f"/proc/{pids['supervisor']}/task").iterdir())
        running.stop()
    assert len(threads) == 1, "a process with threads must not fork"
    assert sorted(pids) == ["supervisor", "web-1", "web-2", "worker"]
    assert f"Kokemus is ready at {running.base_url}\n" in running.log
    assert not any(is_alive(pid) for pid in pids.values())
    assert '"error"' not in running.log


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    with running_kokemus(tmp_path) as running:
        wait_for(lambda: is_well(running))
        before = running.pids()
        for name in ("web-1", "web-2", "worker"):
            os.kill(before[name], signal.SIGKILL)
        wait_for(lambda: not set(before.values()) & set(list(running.pids().values())[1:]))
        wait_for(lambda: sorted(running.pids()) == sorted(before))
        after = running.pids()
        status = running.get("/healthz")[0]
    assert (after["supervisor"], status) == (before["supervisor"], 200)
    assert set(before.values()) & set(after.values()) == {before["supervisor"]}
    assert "The worker process ended (signal SIGKILL); starting it again" in running.log


def test_children_stop_when_the_supervisor_was_killed_and_the_next_takes_over(
    tmp_path: Path,
) -> None:
    with running_kokemus(tmp_path) as running:
        pids = running.pids()
        os.kill(pids["supervisor"], signal.SIGKILL)
        running.process.wait(5)
        running.start_again()  # at once: who still listens is given a moment
        wait_for(lambda: running.log.count("Kokemus is ready at") == 2)
        wait_for(lambda: not any(is_alive(pid) for pid in pids.values()))
        wait_for(lambda: is_well(running))


def test_a_second_signal_stops_at_once(tmp_path: Path) -> None:
    with running_kokemus(tmp_path) as running:
        pids = running.pids()
        os.kill(pids["web-2"], signal.SIGSTOP)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(5) == 1
        wait_for(lambda: not is_alive(pids["web-2"]))


def test_web_processes_count_together(tmp_path: Path) -> None:
    environment = {"KOKEMUS_ADDRESS_RATE": "20", "KOKEMUS_WEB_PROCESSES": "2"}
    with running_kokemus(tmp_path, environment=environment) as running:
        begun = time.monotonic()
        statuses = [running.get("/a/unknown")[0] for _ in range(60)]
        refilled = (time.monotonic() - begun) * 20 / 60
        counted = running.get("/metrics")[2].decode()
    let_in = statuses.count(404)
    assert 20 <= let_in <= 21 + refilled
    assert f'kokemus_requests_total{{status="404"}} {let_in}.0\n' in counted
    assert f"kokemus_requests_over_rate_total {60 - let_in}.0\n" in counted


def test_a_second_server_at_one_port_is_refused(tmp_path: Path) -> None:
    with running_kokemus(tmp_path) as running:
        done = serve(tmp_path, port=int(running.base_url.rpartition(":")[2]))
    assert (done.returncode, "Address already in use" in done.stderr) == (2, True)


def test_without_worker_only_web_runs(tmp_path: Path) -> None:
    with running_kokemus(tmp_path, arguments=["--without-worker"]) as running:
        pids = running.pids()
    assert sorted(pids) == ["supervisor", "web-1", "web-2"]


def test_only_one_worker_of_a_database_works(tmp_path: Path) -> None:
    with running_kokemus(tmp_path) as running:
        wait_for(lambda: is_well(running))
        second = subprocess.Popen(
            [KOKEMUS, "work"], env=running.environment, stderr=subprocess.PIPE, text=True
        )
        assert second.stderr is not None
        said = second.stderr.readline()
        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0
        second.stderr.close()
    assert "Another process works on this database" in said


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = serve(tmp_path, port=port)
    assert (done.returncode, done.stderr) == (
        2,
        f"Kokemus cannot listen at 127.0.0.1 port {port}: Address already in use. "
        "Stop what listens there, or choose another with --port.\n",
    )


def test_an_unreachable_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    port = free_port()
    url = f"postgresql://someone:secret@127.0.0.1:{port}/nothing"
    done = serve(tmp_path, KOKEMUS_DATABASE_URL=url)
    assert done.returncode == 2
    assert done.stderr.startswith(
        f"The database (postgresql://127.0.0.1:{port}/nothing) cannot be used: "
    )
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = serve(tmp_path, KOKEMUS_PUBLIC_URL="kokemus.example.com")
    assert (done.returncode, done.stderr) == (
        2,
        "KOKEMUS_PUBLIC_URL is 'kokemus.example.com'. "
        "Allowed: http://HOST or https://HOST, without a path.\n",
    )


def test_a_data_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = serve(tmp_path, KOKEMUS_DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.returncode == 2
    assert done.stderr.startswith("KOKEMUS_DATA_DIR is ")


MAKE_KEY = """
from tests.world import make_world
from kokemus.store.models import ApiKey
world = make_world()
key = ApiKey.objects.issue(world.organisation, name="K", scopes=["encounters:write"])[1]
print(key, world.survey.link)
"""
ENCOUNTER = {"reference": "e", "touchpoint": "visit", "happened_at": "2026-03-01T12:00:00Z"}


def test_links_lead_to_the_port_of_this_start_when_no_address_is_set(tmp_path: Path) -> None:
    unset = {"KOKEMUS_PUBLIC_URL": ""}
    with running_kokemus(tmp_path, environment=unset, arguments=["--host", "0.0.0.0"]) as running:
        key, link = running.python(MAKE_KEY).split()[-2:]
        body = running.post("/api/v1/encounters", ENCOUNTER, Authorization=f"Bearer {key}")[2]
    assert json.loads(body)["answer_url"].startswith(f"{running.base_url}/a/{link}?e=")


def test_two_starts_at_once_both_find_the_tables(
    tmp_path: Path, postgresql: PostgresCluster
) -> None:
    url = postgresql.new_database()
    environment = {"KOKEMUS_DATABASE_URL": url, "KOKEMUS_DATA_DIR": str(tmp_path / "shared")}
    with (
        running_kokemus(tmp_path, environment=environment) as first,
        running_kokemus(tmp_path, environment=environment) as second,
    ):
        wait_for(lambda: is_well(first) and is_well(second))
        answered = [r.get("/healthz")[0] for r in (first, second)]
    assert answered == [200, 200]


def serve(
    folder: Path, *, port: int | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    outside = {n: v for n, v in os.environ.items() if not n.startswith("KOKEMUS_")}
    chosen = {"KOKEMUS_DATA_DIR": str(folder / "data"), **environment}
    return subprocess.run(
        [KOKEMUS, "serve", "--port", str(port or free_port())],
        env=outside | chosen,
        capture_output=True,
        text=True,
        timeout=60,
    )
