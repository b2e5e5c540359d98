"""`explain`: a language model's explanation of a definition."""

import asyncio

from wherein_server.cli.explaining import prompt_tokens
from wherein_server.cli.paths import split_place
from wherein_server.explain.answer import Answer, answer
from wherein_server.explain.endpoint.discover import discover
from wherein_server.explain.gather import gather
from wherein_server.explain.targets import PlaceTarget, SymbolTarget, Target
from wherein_server.mcp.tools.call import Reply, ToolCall


def run(call: ToolCall) -> Reply:
    """The answer with its sources."""
    given = call.arguments["target"]
    target: Target = SymbolTarget(given) if split_place(given) is None else PlaceTarget(*call.place(given))
    settings = call.repository.settings
    context = gather(call.index, target, budget_tokens=prompt_tokens(settings))

    async def ask() -> Answer:
        return await answer(context, await discover(settings), on_text=lambda piece: None)

    made = asyncio.run(ask())
    sources = [f"[{each.n}] {each.path}:{each.start_line}-{each.end_line}" for each in made.citations]
    if call.wants_json:
        return call.document([], text=made.text, sources=sources, model=made.model)
    page, _ = call.page(f"{made.model}:")
    count = page.add_all(made.text.split("\n"))
    if count < len(made.text.split("\n")):
        page.end("… cut; raise max_tokens to see the rest.")
    for line in (*sources, *made.notes):
        page.end(line)
    return Reply(page.text())
