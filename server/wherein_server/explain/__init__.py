"""Explanations that are grounded in the code: context from the index, an answer from a language model, citations that
hold. The terminal and the language server take the same three steps:

    context = await asyncio.to_thread(gather, index, target)
    endpoint = await discover(settings)
    answered = await answer(context, endpoint, on_text=show)

in this order: a target that is not there is told whether or not a server runs. `gather.gather` reads the index and
nothing else; only `endpoint.discover.discover` and `answer.answer` talk to a server.
"""
