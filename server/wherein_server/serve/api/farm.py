"""`GET /api/v1/farm`: what the farm of the store is doing, with the repositories that the user may see."""

from starlette.responses import Response

from wherein_server.cli.jsonout import readable
from wherein_server.cli.sanitize import sentence
from wherein_server.serve.api import answer_shapes
from wherein_server.serve.api.request import ApiRequest, answer

MOST_TROUBLED = 200


async def farm(asked: ApiRequest) -> Response:
    """See the module."""

    def read() -> answer_shapes.Farm:
        status = asked.desk.farm.status()
        seen = [each for each in status.repositories if asked.who.may_see(each.name)]
        states = dict.fromkeys(status.states, 0)
        for each in seen:
            states[each.state(status.made_with)] += 1
        return answer_shapes.Farm(
            states=states,
            queued=dict(status.queued),
            workers=len(status.workers),
            scheduler=status.scheduler,
            oldest_wanted=status.oldest_wanted,
            running=[
                answer_shapes.Running(repository=readable(each["repository"]), since=each["since"])
                for each in status.running
                if asked.who.may_see(each["repository"])
            ],
            troubled=[
                answer_shapes.Troubled(
                    repository=readable(each.name),
                    state=each.state(status.made_with),
                    reason=readable(sentence(each.reason)),
                    tries=each.tries,
                    at=each.failed_at or None,
                )
                for each in seen
                if each.state(status.made_with) in ("failed", "aside")
            ][:MOST_TROUBLED],
        )

    return answer(await asked.library.ask(read))
