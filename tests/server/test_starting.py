import pytest

from kokemus.server.starting import address_of_start

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("localhost", "http://localhost:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),
        ("192.0.2.7", "http://192.0.2.7:8123"),
        ("::", "http://[::1]:8123"),
        ("fd00::1", "http://[fd00::1]:8123"),
    ],
)
def test_a_start_is_reached_where_it_listens(host: str, address: str) -> None:
    assert address_of_start(host=host, port=8123) == address
