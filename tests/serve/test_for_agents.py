"""The tools of `wherein mcp`, of what the server holds, by the official client."""

import asyncio

import httpx2
import pytest

from wherein_server.serve.access import Access

SHOP, GATE, VAULT = ("github.com/acme/shop", "git.example.com/acme/gate", "github.com/secret/vault")


@pytest.fixture(scope="module")
def ask(library, start):
    """ask(token, (tool, arguments), …): the texts of the answers."""
    from mcp.client.streamable_http import streamable_http_client

    from mcp import Client

    server = start(library, "--login")

    def asked(token, *calls):
        async def session():
            headers = {"Authorization": f"Bearer {token}"}
            address = f"http://127.0.0.1:{server.port}/mcp"
            async with (
                httpx2.AsyncClient(headers=headers, timeout=60) as http,
                Client(streamable_http_client(address, http_client=http)) as client,
            ):
                offered = {tool.name for tool in (await client.list_tools()).tools}
                assert offered == {"search", "symbol", "read", "related", "outline"}
                answers = [await client.call_tool(name, arguments) for name, arguments in calls]
                return [answer.content[0].text for answer in answers]

        return asyncio.run(session())

    return asked


def test_agents_ask_one_repository_or_search_all(ask, library):
    _, token = Access(library).new_token("agent", ["*"])
    sketched, every, one, read, copied, ambiguous, unknown, outside, lacking = ask(
        token,
        ("search", {"query": "what somebody owes", "sketch": "def total(self): price_of(item)", "limit": 1}),
        ("search", {"query": "total of codes, what all items cost"}),
        ("search", {"query": "total of codes, what all items cost", "repo": "acme/shop"}),
        ("read", {"target": "src/shop/cart.py:20", "repo": SHOP, "calls": True}),
        ("read", {"target": f"{SHOP}: src/shop/cart.py:18-20"}),
        ("symbol", {"name": "Cart"}),
        ("symbol", {"name": "Cart", "repo": "nowhere"}),
        ("read", {"target": "../vault/vault.py:1-2", "repo": SHOP}),
        ("read", {"target": "src/shop/none.py:3", "repo": SHOP}),
    )
    assert "Cart.total" in sketched
    assert f"{SHOP}: src/shop/cart.py:" in every
    assert f"{VAULT}: vault.py:1-3 open_vault" in every
    assert VAULT not in one
    assert "src/shop/cart.py:18-20 Cart.total" in one
    assert "def total(self)" in read
    assert "price_of" in read.partition("callees")[2]
    assert "18: " in copied
    assert "def total(self)" in copied
    assert SHOP in ambiguous
    assert "No repository that you may see is called 'nowhere'" in unknown
    assert "open_vault" not in outside
    assert f"src/shop/none.py is not indexed in {SHOP}. Next: Search for it" in lacking


def test_agents_see_what_their_token_may_and_nothing_of_others(ask, library):
    _, token = Access(library).new_token("acme", ["*/acme/*"])
    every, hidden = ask(
        token,
        ("search", {"query": "open the vault with the total of its codes"}),
        ("search", {"query": "open the vault", "repo": VAULT}),
    )
    assert SHOP in every
    assert "vault.py" not in every
    assert "No repository that you may see" in hidden
    assert f"Name one of {GATE}, {SHOP}" in hidden


def test_only_who_repeats_a_call_is_told_that_it_failed_before(ask, library):
    _, one = Access(library).new_token("one", ["*"])
    _, other = Access(library).new_token("other", ["*"])
    wrong = ("symbol", {"name": "Cart", "repo": "no/such/repository"})
    first, second = ask(one, wrong, wrong)
    (others,) = ask(other, wrong)
    assert first == others
    assert "failed before" in second
    assert "failed before" not in others
