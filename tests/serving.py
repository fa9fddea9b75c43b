"""The real thing, running: `kokemus serve`, a PostgreSQL cluster, a mail server on loopback."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import logging
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any

KOKEMUS = Path(sys.executable).with_name("kokemus")
READY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 25.0
SECRET_KEY = "a key for tests only, never for real use"
_numbers = itertools.count(1)


class DidNotStart(AssertionError):
    """`kokemus serve` ended, or was not ready in time; the message is its log."""


@dataclass
class RunningKokemus:
    """A real `kokemus serve`. `environment` is what it was started with."""

    base_url: str
    data_dir: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log_path: Path
    arguments: list[str]

    @property
    def log(self) -> str:
        return self.log_path.read_text("utf-8")

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (small letters) and body of a GET; redirects are not followed."""
        return fetch(self.base_url + path, headers=headers)

    def post(self, path: str, body: object, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """The same for a POST of JSON."""
        data = json.dumps(body).encode()
        return fetch(
            self.base_url + path, data=data, headers={"Content-Type": "application/json", **headers}
        )

    def run(self, *arguments: str) -> str:
        """Run another `kokemus` command on the same installation; return what it printed."""
        done = subprocess.run(
            [KOKEMUS, *arguments], env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str, *, seconds: float = 120) -> str:
        """Run Python with Django set up, in a process of its own; return what it printed."""
        setup = "import django; django.setup()\n"
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "kokemus.server.settings"}
        done = subprocess.run(
            [sys.executable, "-c", setup + code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pids(self) -> dict[str, int]:
        """The processes that live: supervisor, web-1, web-2, worker."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = path.read_text().split() if path.exists() else []
        found = [int(pid) for pid in children if is_alive(int(pid))]
        return {"supervisor": self.process.pid, **name_children(found)}

    def kill_hard(self) -> None:
        """kill -9 of the supervisor and of its children."""
        pids = list(self.pids().values())
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        wait_until_gone(pids[1:])

    def start_again(self) -> None:
        """Start once more after `stop` or `kill_hard`, with the same data at the same address."""
        self.process = launch(self.arguments, self.environment, self.log_path)
        wait_until_ready(self)

    def stop(self) -> None:
        """SIGTERM; it must end by itself with status 0."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(STOP_SECONDS_MAX) == 0, self.log


@contextlib.contextmanager
def running_kokemus(
    folder: Path,
    *,
    database: str = "sqlite",
    postgresql: PostgresCluster | None = None,
    environment: Mapping[str, str] | None = None,
    arguments: Sequence[str] = (),
    program: Sequence[str] = (str(KOKEMUS),),
    has_tables: bool = True,
) -> Iterator[RunningKokemus]:
    """Start `kokemus serve` on a free port with its own data folder; stop it at the end.

    `database="postgresql"` makes a fresh database in the cluster. SQLite begins with the tables
    already made, as after a first start, unless `has_tables` is False. `program` is what is started
    instead of `kokemus`.
    """
    port = free_port()
    data_dir = folder / f"data-{next(_numbers)}"
    chosen = {
        "KOKEMUS_DATA_DIR": str(data_dir),
        "KOKEMUS_SECRET_KEY": SECRET_KEY,
        "KOKEMUS_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KOKEMUS_WEB_PROCESSES": "2",
    }
    if database == "postgresql":
        assert postgresql is not None, "database='postgresql' needs the fixture `postgresql`"
        chosen["KOKEMUS_DATABASE_URL"] = postgresql.new_database()
    outside = {n: v for n, v in os.environ.items() if not n.startswith("KOKEMUS_")}
    full = outside | chosen | dict(environment or {})
    borrow_static_files(data_dir)
    borrow_dictionaries(data_dir)
    if database == "sqlite" and has_tables:
        borrow_database(data_dir)
    command = [*program, "serve", "--port", str(port), *arguments]
    log_path = folder / f"log-{port}.txt"
    running = RunningKokemus(
        base_url=f"http://127.0.0.1:{port}",
        data_dir=data_dir,
        environment=full,
        process=launch(command, full, log_path),
        log_path=log_path,
        arguments=command,
    )
    try:
        wait_until_ready(running)
        keep_static_files(data_dir)
        yield running
        if running.process.poll() is None:
            running.stop()
    finally:
        if running.process.poll() is None:
            running.kill_hard()


def launch(
    arguments: list[str], environment: Mapping[str, str], log_path: Path
) -> subprocess.Popen[bytes]:
    with log_path.open("ab") as log:
        return subprocess.Popen(
            arguments, env=dict(environment), stdout=log, stderr=log, start_new_session=True
        )


def wait_until_ready(running: RunningKokemus) -> None:
    """Until the pages answer; raise `DidNotStart` with the log otherwise."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            raise DidNotStart(running.log)
        with contextlib.suppress(OSError):
            running.get("/healthz")
            return
        time.sleep(0.02)
    raise DidNotStart(running.log)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetch(
    url: str,
    *,
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 20,
) -> tuple[int, dict[str, str], bytes]:
    """One request, without following redirects and without proxies."""
    opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, data=data, headers=dict(headers or {}))
    try:
        answer = opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, {n.lower(): v for n, v in answer.headers.items()}, answer.read()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def name_children(pids: list[int]) -> dict[str, int]:
    """Which child is which, as each has named itself."""
    named = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            named[name.removeprefix("kokemus-")] = pid
    return named


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 10
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def static_shelf() -> Path:
    mark = zlib.crc32(str(Path(__file__).resolve()).encode())
    return Path(tempfile.gettempdir()) / f"kokemus-static-{os.getuid()}-{mark:08x}"


def borrow_static_files(data_dir: Path) -> None:
    """Collecting takes seconds: take over what an earlier run of these tests has collected."""
    if static_shelf().is_dir() and not data_dir.exists():
        shutil.copytree(static_shelf(), data_dir)


def borrow_dictionaries(data_dir: Path) -> None:
    """Indexing them takes seconds: take over those that a first start has kept."""
    folder = data_dir / "assets" / "words"
    folder.mkdir(parents=True, exist_ok=True)
    for path in kept_dictionaries().glob("*.words"):
        os.link(path, folder / path.name)


@cache
def kept_dictionaries() -> Path:
    """A folder where they are kept as Kokemus keeps them, from run to run."""
    folder = static_shelf().with_name(f"{static_shelf().name}-words")
    keep = (
        "from pathlib import Path; from kokemus.comments import dictionaries\n"
        f"dictionaries.keep_dictionaries_in(Path({str(folder)!r}))\n"
        "for language in ('fi', 'sv', 'en'): dictionaries.words_of(language)"
    )
    subprocess.run([sys.executable, "-c", keep], check=True, timeout=120)
    return folder


def borrow_database(data_dir: Path) -> None:
    """Making the tables takes seconds: copy a database in which nothing but that was done."""
    data_dir.mkdir(exist_ok=True)
    shutil.copy(empty_database(), data_dir / "kokemus.sqlite3")


@cache
def empty_database() -> Path:
    """A SQLite file as `kokemus serve` prepares it at its first start; made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="kokemus-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {
        **{n: v for n, v in os.environ.items() if not n.startswith("KOKEMUS_")},
        "KOKEMUS_DATA_DIR": str(folder),
        "KOKEMUS_SECRET_KEY": SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "kokemus.server.settings",
    }
    prepare = (
        "import django; django.setup()\n"
        "from kokemus.server.prepare import prepare_database; prepare_database()\n"
        "from django.db import connection; connection.cursor().execute('VACUUM INTO %s', ['{}'])"
    ).format(folder / "empty.sqlite3")
    subprocess.run([sys.executable, "-c", prepare], env=environment, check=True, timeout=120)
    return folder / "empty.sqlite3"


def keep_static_files(data_dir: Path) -> None:
    mark = static_shelf() / "static" / ".fingerprint"
    fresh = data_dir / "static" / ".fingerprint"
    if not fresh.exists() or (mark.exists() and mark.read_bytes() == fresh.read_bytes()):
        return
    coming = Path(tempfile.mkdtemp(prefix="kokemus-static-"))
    for name in ("static", "assets"):
        if (data_dir / name).is_dir():
            shutil.copytree(
                data_dir / name, coming / "shelf" / name, ignore=shutil.ignore_patterns("*.words")
            )
    shutil.rmtree(static_shelf(), ignore_errors=True)
    with contextlib.suppress(OSError):
        (coming / "shelf").rename(static_shelf())
    shutil.rmtree(coming, ignore_errors=True)


@dataclass
class PostgresCluster:
    """A scratch cluster with fsync on, in a folder of its own, on a free port of loopback."""

    folder: Path
    port: int
    binaries: Path
    owner: str | None
    _databases: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new_database(self) -> str:
        """Create an empty database and return its KOKEMUS_DATABASE_URL."""
        name = f"kokemus_{os.getpid()}_{next(self._databases)}"
        self.run("psql", "-q", "-d", "postgres", "-c", f'CREATE DATABASE "{name}"')
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://kokemus:kokemus@127.0.0.1:{self.port}/{name}"

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs against this cluster; return what it printed."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "kokemus"]
        done = subprocess.run(
            [self.binaries / program, *where, *arguments],
            env={**os.environ, "PGPASSWORD": "kokemus"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def control(self, *arguments: str) -> None:
        as_owner(
            self.owner, [str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), *arguments]
        )


def find_postgresql() -> Path | None:
    """The folder of PostgreSQL's programs, the newest version first; None if there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += [Path(found).parent for found in [shutil.which("initdb")] if found]
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@contextlib.contextmanager
def running_postgresql() -> Iterator[PostgresCluster]:
    """Make a cluster, run it, and remove it. As root, it belongs to the user postgres."""
    binaries = find_postgresql()
    assert binaries is not None, "PostgreSQL is not installed"
    owner = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="kokemus-postgresql-"))
    if owner:
        account = pwd.getpwnam(owner)
        os.chown(folder, account.pw_uid, account.pw_gid)
    cluster = PostgresCluster(folder, free_port(), binaries, owner)
    password = folder / "password"
    password.write_text("kokemus\n")
    password.chmod(0o644)
    data, log = folder / "data", folder / "log"
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "kokemus", "--locale=C.UTF-8"]
    as_owner(owner, [*initdb, "-E", "UTF8", "-A", "scram-sha-256", "--pwfile", str(password)])
    options = (
        f"-p {cluster.port} -h 127.0.0.1 -k {folder} -c max_connections=60 -c fsync=on "
        "-c synchronous_commit=on -c shared_buffers=64MB"
    )
    cluster.control("-l", str(log), "-o", options, "-w", "start")
    try:
        yield cluster
    finally:
        cluster.control("-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def as_owner(owner: str | None, command: list[str]) -> None:
    """Run as another user: PostgreSQL refuses to be run by root."""
    done = subprocess.run(
        command, user=owner, group=owner, cwd="/", capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


class Mailbox:
    """Collects what a real SMTP server on loopback is sent."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self._changed = threading.Condition()

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        mail = message_from_bytes(envelope.original_content)
        with self._changed:
            self.mails.append(mail)
            self._changed.notify_all()
        return "250 Kept"

    def wait_for(self, count: int, *, seconds: float = 10) -> list[Message]:
        """Until there are so many mails; fails when they do not come in time."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.mails) >= count, seconds)
            assert came, f"{len(self.mails)} of {count} mails came in {seconds} s"
            return list(self.mails)


@dataclass
class MailServer:
    url: str
    mailbox: Mailbox


@contextlib.contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """An SMTP server on a free port; give its `url` as KOKEMUS_EMAIL_URL."""
    from aiosmtpd.controller import Controller

    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it tells of every line
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield MailServer(f"smtp://127.0.0.1:{controller.port}", mailbox)
    finally:
        controller.stop()
