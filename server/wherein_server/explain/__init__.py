"""Explanations that are grounded in the code: context from the index, an answer from a language model, citations that
hold. The terminal and the language server take the same three steps:

    endpoint = await discover(settings)
    context = await asyncio.to_thread(gather, index, target, budget_tokens=endpoint.prompt_tokens)
    answered = await answer(context, endpoint, on_text=show)

`gather.gather` reads the index and nothing else; only `endpoint.discover.discover` and `answer.answer` talk to a
server.
"""
