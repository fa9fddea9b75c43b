"""One process that starts web and worker, keeps them running, and stops them cleanly.

It loads Django once, prepares the database, and forks: a child that died is back in moments. It
keeps the listening sockets, so that a restart of a web process refuses nobody. Each web process
has a socket of its own at the same address, and the system shares connections out among them.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NoReturn

from kokemus.server.listening import count_listeners, find_port, listen
from kokemus.server.rates import Rates
from kokemus.server.starting import load_to_serve, prepare_or_explain, prepare_static_or_explain

STOP_SECONDS_MAX = 20.0
STEADY_SECONDS = 2.0
PAUSES = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
STATUS_CUT_OFF = 1
# Loaded once, before the fork. Nothing here may start a thread (the column engine does), for a
# process with threads must not fork.
PRELOADED = (
    "kokemus.server.api",
    "kokemus.server.web",
    "kokemus.listen.urls",
    "kokemus.members.urls",
    "kokemus.server.worker",
)
LOG = logging.getLogger("kokemus.supervisor")


def supervise(*, host: str, port: int, roles: Collection[str] = ("web", "worker")) -> int:
    """Prepare, start web and worker, and watch them until asked to stop; return the exit status.

    Without "worker" among the roles, another machine's works.
    """
    port = find_port(host, port)
    chosen = load_to_serve(host=host, port=port)
    listeners = listen(host, port, count=chosen.web_processes or count_listeners())
    prepare_or_explain(chosen)
    prepare_static_or_explain(chosen)
    with counting_together(chosen.data_dir):
        preload()
        rates = Rates(key_rate=chosen.key_rate, address_rate=chosen.address_rate)
        return Supervisor(listeners, rates=rates, roles=roles).run()


def preload() -> None:
    """Load what the children need, so that one that died is back in moments."""
    for name in PRELOADED:
        import_module(name)
    from kokemus.comments.dictionaries import open_kept_dictionaries
    from kokemus.comments.lemmas import LANGUAGES
    from kokemus.respond.jobs import warm_up

    warm_up()
    open_kept_dictionaries(LANGUAGES)


@contextlib.contextmanager
def counting_together(data_dir: Path) -> Iterator[None]:
    """Let the metrics of processes forked in here be added up, from files in a folder.

    The library looks for the folder when it is first imported. What supervisors that are gone
    have left behind is removed.
    """
    for left in (data_dir / "metrics").glob("*"):
        if not Path(f"/proc/{left.name}").exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = data_dir / "metrics" / str(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)  # of one that had our number before a restart
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def serve_in_place(*, host: str, port: int) -> NoReturn:
    """Become `kokemus serve`: for a process that has done work, and may so have threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    code = "import sys; from kokemus.cli import main; sys.exit(main())"
    arguments = ["serve", "--host", host, "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-c", code, *arguments])  # noqa: S606 ourselves


@dataclass
class Child:
    """One process to keep running; `pid` is None between two lives."""

    name: str
    run: Callable[[], int]
    pid: int | None = None
    born: float = 0.0
    due: float = 0.0
    deaths: int = 0


class Supervisor:
    """Watches its children. The first signal stops them cleanly, the second one at once."""

    def __init__(
        self, listeners: Sequence[socket.socket], *, rates: Rates, roles: Collection[str]
    ) -> None:
        self._listeners = listeners
        self._rates = rates
        self._signals = 0
        self._to_be_ready = len(listeners)
        self._children = [
            Child(f"web-{number}", partial(self._serve_web, listener))
            for number, listener in enumerate(listeners, start=1)
        ]
        if "worker" in roles:
            self._children.append(Child("worker", self._work))
        # Children notice at its closed end that the supervisor is gone, even if it was killed.
        self._lifeline = os.pipe()
        self._ready = os.pipe()
        self._wake = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake[0], selectors.EVENT_READ)
        self._selector.register(self._ready[0], selectors.EVENT_READ)

    def run(self) -> int:
        self._catch_signals()
        while not self._signals:
            self._start_those_due()
            self._sleep(self._seconds_to_next_start())
            self._bury()
        return self._stop()

    def _catch_signals(self) -> None:
        for end in self._wake:
            end.setblocking(False)
        signal.set_wakeup_fd(self._wake[1].fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note_signal)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _sleep(self, seconds: float) -> None:
        """Until a signal comes (a child's death is one), or the time is over."""
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self._wake[0]:
                self._wake[0].recv(4096)
            else:
                self._say_ready()

    def _say_ready(self) -> None:
        """Print the address, the first time that all web processes are ready."""
        self._to_be_ready -= len(os.read(self._ready[0], self._to_be_ready))
        if self._to_be_ready > 0:
            return
        self._selector.unregister(self._ready[0])
        host, port = self._listeners[0].getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"Kokemus is ready at http://{shown}:{port}", flush=True)

    def _start_those_due(self) -> None:
        for child in self._children:
            if child.pid is None and child.due <= time.monotonic():
                self._start(child)

    def _seconds_to_next_start(self) -> float:
        dues = [child.due for child in self._children if child.pid is None]
        return max(0.0, min(dues) - time.monotonic()) if dues else 60.0

    def _start(self, child: Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        child.born = time.monotonic()
        child.pid = os.fork()
        if child.pid == 0:
            status = STATUS_CUT_OFF
            try:
                self._become_child(child.name)
                status = child.run()
            except Exception:
                LOG.exception("The %s process failed", child.name)
            finally:
                logging.shutdown()
                os._exit(status)

    def _become_child(self, name: str) -> None:
        with contextlib.suppress(OSError):  # shown by ps and top, where the system allows it
            Path("/proc/self/comm").write_text(f"kokemus-{name}")
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(self._lifeline[1])
        threading.Thread(target=self._stop_when_orphaned, name="lifeline", daemon=True).start()

    def _stop_when_orphaned(self) -> None:
        os.read(self._lifeline[0], 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _serve_web(self, listener: socket.socket) -> int:
        from kokemus.server.web import serve_web

        for other in self._listeners:
            if other is not listener:
                other.close()
        on_ready = partial(os.write, self._ready[1], b".")
        return serve_web(listener, on_ready=on_ready, rates=self._rates)

    def _work(self) -> int:
        from kokemus.server.worker import work

        for listener in self._listeners:
            listener.close()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        return work(stop)

    def _bury(self) -> None:
        """Note who has died, and when the next life begins."""
        for child in self._children:
            if child.pid is None:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            child.pid = None
            self._forget(pid)
            if self._signals:
                continue
            if time.monotonic() - child.born > STEADY_SECONDS:
                child.deaths = 0
            pause = PAUSES[min(child.deaths, len(PAUSES) - 1)]
            child.deaths += 1
            child.due = time.monotonic() + pause
            LOG.error(
                "The %s process ended (%s); starting it again in %.1f s",
                child.name,
                explain_status(status),
                pause,
            )

    def _forget(self, pid: int) -> None:
        from kokemus.server.metrics import forget_process  # not before the folder is known

        forget_process(pid)

    def _stop(self) -> int:
        self._signal_children(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while self._signals < 2 and any(child.pid for child in self._children):
            if (left := deadline - time.monotonic()) <= 0:
                break
            self._sleep(left)
            self._bury()
        if not any(child.pid for child in self._children):
            return 0
        LOG.error("Kokemus was stopped before all had been finished")
        self._signal_children(signal.SIGKILL)
        return STATUS_CUT_OFF

    def _signal_children(self, number: signal.Signals) -> None:
        for child in self._children:
            if child.pid:
                os.kill(child.pid, number)


def explain_status(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
