"""`wherein mcp` as agents use it, through the official SDK's client."""

import asyncio
import time

import pytest

SEARCHED = {"query": "what do all items cost together", "limit": 2}


def text_of(result):
    return result.content[0].text


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_an_agent_lists_the_tools_and_finds_reads_and_resolves_with_them(server, mode):
    async def session(client):
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["search", "symbol", "read"]
        assert all(
            tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools
        )
        found = await client.call_tool("search", SEARCHED)
        assert not found.is_error
        assert "1. src/shop/cart.py:18-20 Cart.total (method)" in text_of(found)
        assert "20:         return sum(price_of(item) for item in self.items)" in text_of(found)
        assert "up to date]" in text_of(found).splitlines()[0]
        named = await client.call_tool("symbol", {"name": "reserve"})
        assert "src/shop/stock.py:2-3 Stock.reserve (method): def reserve" in text_of(named)
        read = text_of(await client.call_tool("read", {"target": "Cart.add", "calls": True}))
        assert "15:         self.stock.reserve(item)" in read
        assert "src/shop/stock.py:2 Stock.reserve: def reserve" in read
        assert "callers: none known" in read

    server.drive(session, mode=mode)


def test_a_member_that_a_class_has_from_another_one_is_read_where_it_is_defined(server):
    async def session(client):
        read = text_of(await client.call_tool("read", {"target": "BigCart.total"}))
        assert "src/shop/cart.py:18-20 Cart.total (method)" in read
        assert "Nothing defines BigCart.total; this is Cart.total, the only total here." in read
        beyond = await client.call_tool("read", {"target": "src/shop/cart.py:999"})
        assert "src/shop/cart.py has 25 lines. Next: Name lines up to 25." in text_of(beyond)
        unknown = await client.call_tool("read", {"target": "Cart.tota"})
        assert unknown.is_error
        assert "There is Cart.total. Next: Read one of these, by its whole name." in text_of(unknown)

    server.drive(session)


def test_all_tools_are_there_for_who_asks_for_them(server, shop):
    shop.write("src/shop/cart.py", (shop.root / "src/shop/cart.py").read_text().replace("* 100", "* 99"))

    async def session(client):
        assert len((await client.list_tools()).tools) == 7
        outline = text_of(await client.call_tool("outline", {"path": "src/shop/cart.py"}))
        assert "  18-20 method total" in outline
        changed = text_of(await client.call_tool("changed", {}))
        assert "src/shop/cart.py:23 changed function price_of" in changed
        related = await client.call_tool("related", {"place": "src/shop/cart.py:18"})
        assert not related.is_error
        explained = await client.call_tool("explain", {"target": "Cart.total"})
        assert explained.is_error
        assert "Next: Read the code with the read tool" in text_of(explained)

    server.drive(session, "--tools", "all")


def test_typed_results_have_places_freshness_and_completeness(server):
    async def session(client):
        data = (await client.call_tool("search", {**SEARCHED, "format": "json"})).structured_content
        assert (data["schema"], data["query"]) == (1, SEARCHED["query"])  # as the command line prints it
        assert data["index"]["behind"] == 0
        assert data["index"]["complete"] is True
        assert (data["results"][0]["path"], data["results"][0]["start_line"]) == ("src/shop/cart.py", 18)

    server.drive(session)


def test_what_is_saved_while_a_session_runs_is_found_by_its_next_calls(server, shop):
    async def session(client):
        await client.call_tool("search", SEARCHED)
        shop.write("src/shop/refund.py", "def give_money_back(order):\n    return -order\n")
        until = time.monotonic() + 30
        while "refund.py:1" not in text_of(await client.call_tool("symbol", {"name": "give_money_back"})):
            assert time.monotonic() < until
            await asyncio.sleep(0.1)

    server.drive(session)


def test_definitions_are_resources(server):
    async def session(client):
        (template,) = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "wherein://definition/{+target}"
        read = await client.read_resource("wherein://definition/src/shop/cart.py:19")
        assert "18:     def total(self) -> int:" in read.contents[0].text

    server.drive(session)


def test_a_client_says_which_folders_it_is_about(server, make_repo):
    other = make_repo("other")
    other.commit({"beside.py": "def elsewhere():\n    return 1\n"})

    from mcp_types import ListRootsResult, Root

    async def roots(context):
        return ListRootsResult(roots=[Root(uri=other.root.as_uri()), Root(uri=server.folder.as_uri())])

    async def session(client):
        assert "beside.py:1" in text_of(await client.call_tool("symbol", {"name": "elsewhere"}))
        named = await client.call_tool("symbol", {"name": "price_of", "repo": str(server.folder)})
        assert "src/shop/cart.py:23" in text_of(named)

    server.drive(session, mode="legacy", list_roots_callback=roots)


def test_two_clients_at_once_get_their_own_answers(server, shop):
    async def session(client):
        asked = [client.call_tool("symbol", {"name": name}) for name in ("Cart.total", "Stock.reserve") * 5]
        return [text_of(answer) for answer in await asyncio.gather(*asked)]

    async def both():
        return await asyncio.gather(*(asyncio.to_thread(server.drive, session) for _ in range(2)))

    for texts in asyncio.run(both()):
        assert all("cart.py:18" in text for text in texts[::2])
        assert all("stock.py:2" in text for text in texts[1::2])
