"""From a target to the context that explains it. Reads the index and nothing else."""

from wherein.index import Index
from wherein_server.explain.context import Context
from wherein_server.explain.targets import Target


def gather(index: Index, target: Target, *, budget_tokens: int | None = None) -> Context:
    """Everything that explains the target, packed into `budget_tokens` estimated tokens of prompt
    (`Endpoint.prompt_tokens`).

    IndexMissing; NoDefinition (a WhereinError) for a target that is not there: a name that nothing defines, a file outside
    of the repository or not in the index, a line past its end.
    """
    raise NotImplementedError
