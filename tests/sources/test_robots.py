"""Robots: what a host's owner does not let programs fetch is not fetched."""

import pytest
from answering import Answer, Server, give, lead, serve

from geo.errors import FetchError
from geo.records import Outcome
from geo.sources.fetching import Client
from geo.sources.robots import MOST_AGENTS, Robots


def make_robots(server: Server) -> Robots:
    return Robots(Client(allowed=frozenset({server.place}), pause=0))


def allows(answer: Answer, path: str = "/world/1") -> bool:
    with serve({"/robots.txt": answer}) as server:
        try:
            make_robots(server).check(server.name(path))
        except FetchError as error:
            return error.outcome is not Outcome.ROBOTS
        return True


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/world/1", True),
        ("User-agent: *\nDisallow: /", "/world/1", False),
        ("User-agent: *\nDisallow: /\nAllow: /world", "/world/1", True),
        ("User-agent: entente\nDisallow: /world", "/world/1", False),
        ("User-agent: other\nDisallow: /", "/world/1", True),
        ("User-agent: *\nDisallow: /*/1$", "/world/1", False),
        ("User-agent: *\nDisallow: /*/1$", "/world/12", True),
        ("User-agent: *\nDisallow:", "/world/1", True),
        ("\ufeffuser-agent:*\ndisallow:/world", "/world/1", False),
        ("<html>no rules</html>", "/world/1", True),
        ("User-agent: *\nDisallow: /" + "*a" * 500 + "b", "/" + "a" * 2000, True),
    ],
)
def test_rules_are_followed(rules: str, path: str, allowed: bool) -> None:  # noqa: FBT001
    assert allows(give(200, rules.encode()), path) is allowed


@pytest.mark.parametrize("status", [404, 410, 403, 401])
def test_a_host_without_rules_allows_everything(status: int) -> None:
    assert allows(give(status))


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_host_that_cannot_answer_allows_nothing(status: int) -> None:
    assert not allows(give(status))


def test_rules_that_lead_to_a_private_place_allow_nothing() -> None:
    assert not allows(lead("http://127.0.0.1/robots.txt"))


def test_rules_that_are_too_large_or_multiply_allow_nothing() -> None:
    assert not allows(give(200, b"#" * 600_000))
    many = "".join(f"User-agent: a{number}\n" for number in range(MOST_AGENTS + 1))
    assert not allows(give(200, many.encode()))


def test_a_host_is_asked_once() -> None:
    with serve({"/robots.txt": give(200, b"User-agent: *\nDisallow: /private")}) as server:
        robots = make_robots(server)
        for path in ("/a", "/b"):
            robots.check(server.name(path))
        with pytest.raises(FetchError, match=r"robots\.txt"):
            robots.check(server.name("/private/1"))
        assert [path for path, _ in server.asked] == ["/robots.txt"]
