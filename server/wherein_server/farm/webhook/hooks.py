"""A forge's request → a job."""

import hashlib
from collections.abc import Mapping, Sequence

from wherein_server.farm.entry import Entry
from wherein_server.farm.farm import Farm
from wherein_server.farm.webhook.answer import Answer
from wherein_server.farm.webhook.push import NotAPush, Push, is_push, read_push
from wherein_server.farm.webhook.signatures import is_signed

REMEMBERED = 7 * 86_400
"""Seconds for which a delivery is known again. One that comes later costs a look at the remote."""

AS_IT_WAS = frozenset({"gone", "forbidden", "unreachable", "too slow", "failed"})
"""Reasons for which a repository was set aside, that a push from it speaks against."""


class Hooks:
    """Takes requests of forges, for one farm."""

    def __init__(self, farm: Farm, secrets: Sequence[str]) -> None:
        if not secrets or not all(secrets):
            raise ValueError("webhooks without a secret are not accepted")
        self._farm = farm
        self._secrets = tuple(secrets)

    def take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Hand out what a signed push tells of; `headers` have small names. Errors of Redis go through: the forge is to
        send it again."""
        if not is_signed(headers, body, self._secrets):
            return self._counted(Answer(401, "refused", "The signature is missing or wrong."))
        if not is_push(headers):
            return self._counted(Answer(200, "ignored", "Only pushes are of interest."))
        try:
            push = read_push(body)
        except NotAPush as error:
            return self._counted(Answer(200, "ignored", f"Nothing is done: {error}."))
        ledger = self._farm.ledger
        known = ledger.keys.delivery(hashlib.sha256(body).hexdigest())
        entry = next((found for name in push.names if (found := ledger.named(name)) is not None), None)
        if entry is None:
            return self._counted(Answer(404, "unknown", "The farm does not have this repository."))
        if ledger.client.exists(known):
            return self._counted(Answer(200, "known", "This delivery was received before."))
        if push.branch != (entry.branch or entry.wanted_branch or push.default_branch):
            return self._counted(Answer(200, "ignored", "Another branch is indexed."))
        self._hand_out(entry, push)
        ledger.client.set(known, "1", ex=REMEMBERED)
        return self._counted(Answer(202, "queued"))

    def _hand_out(self, entry: Entry, push: Push) -> None:
        farm = self._farm
        if entry.aside and entry.kind not in AS_IT_WAS:
            return
        if entry.kind in AS_IT_WAS:
            farm.ledger.retry(entry)
        farm.ledger.want(entry, push.commit, push.branch, "push")
        if not farm.engine.hand_out(entry.id, push.commit, "push") and not farm.engine.has(
            entry.id, push.commit
        ):
            farm.ledger.client.zadd(farm.ledger.keys.due, {entry.id: 0})  # the queue is full: in its turn

    def _counted(self, answer: Answer) -> Answer:
        self._farm.ledger.client.hincrby(self._farm.ledger.keys.totals, f"webhook:{answer.answer}", 1)
        return answer
