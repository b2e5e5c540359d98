"""The shapes of requests. The OpenAPI document is made from these classes and `answer_shapes.py`."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from wherein.search.inline_filters import KINDS, checked_kinds
from wherein.search_options import SearchFilters

MOST_RESULTS = 100
LONGEST_TEXT = 100_000
"""Characters of a query or a question, such as a pasted log. The answer says how much of it was read."""
LONGEST_QUESTION = 12_000
"""Characters of a question to a language model."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Many = Annotated[list[str], BeforeValidator(_listed), Field(max_length=50)]


class Shape(BaseModel):
    """Only named fields are accepted."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Filters(Shape):
    """What may be found; each may be given several times."""

    repo: Many = Field(default=[], description="Repositories; by default, all that you may see.")
    lang: Many = Field(default=[], description="Languages.")
    path: Many = Field(default=[], description="Patterns as in .gitignore.")
    exclude: Many = Field(default=[], description="Patterns of files to leave out.")
    kind: Many = Field(default=[], description=f"Kinds of definitions: {', '.join(KINDS)}.")
    scope: Many = Field(default=[], description="`code`, `tests` or `no-tests`.")

    def within(self) -> SearchFilters:
        """The restrictions for an index. Raises ConfigError for an unknown kind."""
        return {
            "languages": self.lang,
            "paths": self.path,
            "exclude": self.exclude,
            "kinds": checked_kinds(self.kind),
            "scopes": self.scope,
        }


class SearchQuery(Filters):
    """A search. Send a long text, such as an issue or a log, in a body."""

    q: str = Field(max_length=LONGEST_TEXT, description="Words, names, or what was pasted.")
    limit: int = Field(default=20, ge=1, le=MOST_RESULTS)
    mode: Literal["hybrid", "semantic", "lexical", "symbol"] = "hybrid"
    sketch: str = Field(
        default="",
        max_length=LONGEST_TEXT,
        description="Names and code that the answer might contain: code like them is found as well.",
    )


class SymbolQuery(Filters):
    """Definitions by name."""

    name: str = Field(max_length=1000)
    limit: int = Field(default=20, ge=1, le=MOST_RESULTS)
    exact: bool = Field(default=False, description="Only of exactly this name.")


class FileQuery(Shape):
    """A file, or some of its lines."""

    repo: str
    path: str = Field(default="", max_length=4096)
    path_bytes: str = Field(
        default="", max_length=8192, description="Instead of `path`: its bytes in base64."
    )
    first: int = Field(default=1, ge=1, le=100_000_000)
    last: int = Field(default=0, ge=0, le=100_000_000, description="0: as many as are sent at once.")


class PlaceQuery(Shape):
    """A line of a file."""

    repo: str
    path: str = Field(default="", max_length=4096)
    path_bytes: str = Field(
        default="", max_length=8192, description="Instead of `path`: its bytes in base64."
    )
    line: int = Field(ge=1, le=100_000_000)
    limit: int = Field(default=20, ge=1, le=MOST_RESULTS)


class Login(Shape):
    """A token for the page to remember."""

    token: str = Field(max_length=500)


class AskBody(Shape):
    """A question about a repository."""

    repo: str
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)


class ExplainBody(Shape):
    """A definition to explain: by its name, or by a line."""

    repo: str
    name: str = Field(default="", max_length=1000)
    path: str = Field(default="", max_length=4096)
    line: int = Field(default=0, ge=0, le=100_000_000)
