import os

import pytest

from kokemus.server.rates import Buckets, Rates, key_of

pytestmark = pytest.mark.server


def test_a_bucket_holds_a_minute_and_refills_evenly() -> None:
    buckets = Buckets(per_minute=60)
    at_once = [buckets.take("a", now=0.0) for _ in range(61)]
    assert at_once == [0.0] * 60 + [1.0]
    assert buckets.take("a", now=1.0) == 0.0
    assert buckets.take("a", now=1.5) == pytest.approx(0.5)
    assert buckets.take("b", now=1.5) == 0.0


def test_a_bucket_never_holds_more_than_a_minute() -> None:
    buckets = Buckets(per_minute=2)
    buckets.take("a", now=0.0)
    assert [buckets.take("a", now=9999.0) > 0 for _ in range(3)] == [False, False, True]


def test_buckets_are_bounded_in_number() -> None:
    buckets = Buckets(per_minute=1, buckets_max=8)
    for number in range(100):
        buckets.take(str(number), now=float(number))
    assert len(buckets) == 8


def test_the_longest_idle_bucket_gives_way() -> None:
    buckets = Buckets(per_minute=2, buckets_max=4)
    for second, name in enumerate("abcd"):
        buckets.take(name, now=float(second))
    buckets.take("e", now=10.0)  # in the place of a
    assert [buckets.take(name, now=10.0) > 0 for name in "bcd"] == [False, False, False]
    assert [buckets.take(name, now=10.0) > 0 for name in "bcd"] == [True, True, True]


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_processes_count_together() -> None:
    buckets = Buckets(per_minute=1)
    child = os.fork()
    if child == 0:
        os._exit(0 if buckets.take("a", now=0.0) == 0.0 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert buckets.take("a", now=0.0) == 60.0


def test_made_up_keys_open_no_second_purse() -> None:
    rates = Rates(key_rate=100, address_rate=2)
    waits = [rates.take(key=f"made-up-{n}", address="192.0.2.1", now=0.0) for n in range(3)]
    assert [wait > 0 for wait in waits] == [False, False, True]


def test_an_accepted_key_counts_for_itself_until_it_is_refused() -> None:
    rates = Rates(key_rate=3, address_rate=1)
    rates.learn(key="k", status=201)
    waits = [rates.take(key="k", address="192.0.2.1", now=0.0) for _ in range(4)]
    assert [wait > 0 for wait in waits] == [False, False, False, True]
    rates.learn(key="k", status=401)
    assert rates.take(key="k", address="192.0.2.1", now=0.0) == 0.0
    assert rates.take(key="k", address="192.0.2.1", now=0.0) > 0


def test_addresses_of_one_ipv6_network_count_as_one() -> None:
    rates = Rates(key_rate=1, address_rate=1)
    assert rates.take(key="", address="2001:db8::1", now=0.0) == 0.0
    assert rates.take(key="", address="2001:db8::2", now=0.0) > 0
    assert rates.take(key="", address="2001:db8:0:1::1", now=0.0) == 0.0


def test_the_key_itself_is_not_kept() -> None:
    digest = key_of([(b"authorization", b"Bearer kok_secret")])
    assert (len(digest), "kok_secret" in digest) == (64, False)
    assert key_of([(b"authorization", b"Basic abc")]) == ""
    assert key_of([]) == ""
