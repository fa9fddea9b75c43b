from __future__ import annotations

import os
import time

from kokemus.store.identifiers import POOL_BYTES, uuid7


def test_a_key_says_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    key = uuid7()
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert before <= key.int >> 80 <= time.time_ns() // 1_000_000


def test_no_key_is_given_twice() -> None:
    count = POOL_BYTES // 10 * 3 + 1
    assert len({uuid7() for _ in range(count)}) == count


def test_a_fork_gives_other_keys() -> None:
    uuid7()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, uuid7().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(read, 16)
    os.close(read)
    os.close(write)
    assert theirs[6:] != uuid7().bytes[6:]
