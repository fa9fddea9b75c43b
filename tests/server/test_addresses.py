import logging

import pytest

from kokemus.server.addresses import Addresses, parse_address

pytestmark = pytest.mark.server


def scope(client: str, *headers: tuple[bytes, bytes]) -> dict[str, object]:
    return {"client": (client, 1), "scheme": "http", "headers": list(headers)}


def settled(
    client: str, *headers: tuple[bytes, bytes], trusted: tuple[str, ...] = ()
) -> tuple[str, str, bool]:
    found = Addresses(trusted).settle(scope(client, *headers))
    assert not [name for name, _ in found["headers"] if name.startswith((b"x-forw", b"forw"))]
    return found["client"][0], found["scheme"], found["state"]["is_local"]


FORWARDED = (b"x-forwarded-for", b"203.0.113.9, 198.51.100.7")
HTTPS = (b"x-forwarded-proto", b"https")


def test_without_a_proxy_the_peer_is_the_client() -> None:
    assert settled("192.0.2.1") == ("192.0.2.1", "http", False)
    assert settled("127.0.0.1") == ("127.0.0.1", "http", True)


def test_what_a_stranger_says_of_itself_is_dropped() -> None:
    assert settled("192.0.2.1", FORWARDED, HTTPS) == ("192.0.2.1", "http", False)


def test_an_unnamed_proxy_on_this_machine_makes_nobody_local(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert settled("127.0.0.1", FORWARDED) == ("127.0.0.1", "http", False)
    assert "KOKEMUS_TRUSTED_PROXIES" in caplog.text


def test_a_trusted_proxy_is_believed_for_the_nearest_address_only() -> None:
    found = settled("10.0.0.1", FORWARDED, HTTPS, trusted=("10.0.0.0/8",))
    assert found == ("198.51.100.7", "https", False)


def test_a_chain_of_trusted_proxies_is_walked_through() -> None:
    trusted = ("10.0.0.0/8", "198.51.100.7/32")
    assert settled("10.0.0.1", FORWARDED, trusted=trusted)[0] == "203.0.113.9"


def test_several_header_lines_are_one_chain() -> None:
    lines = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-for", b"198.51.100.7")]
    assert settled("10.0.0.1", *lines, trusted=("10.0.0.1/32",))[0] == "198.51.100.7"


def test_a_chain_that_is_no_address_ends_at_what_is_known() -> None:
    line = (b"x-forwarded-for", b"203.0.113.9, <script>")
    assert settled("10.0.0.1", line, trusted=("10.0.0.1/32",))[0] == "10.0.0.1"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("192.0.2.1:5000", "192.0.2.1"),
        ("[2001:db8::1]:5000", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("nobody", "None"),
    ],
)
def test_addresses_are_read_with_port_and_brackets(text: str, read: str) -> None:
    assert str(parse_address(text)) == read
