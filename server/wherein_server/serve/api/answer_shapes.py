"""The shapes of answers. The OpenAPI document is made from these classes and `request_shapes.py`."""

from typing import Literal

from pydantic import ConfigDict, Field

from wherein_server.serve.api.request_shapes import Shape


class Span(Shape):
    """The lines of a definition."""

    start_line: int
    end_line: int


class Line(Shape):
    """A line to show."""

    number: int
    pieces: list[tuple[str, str]] = Field(description="A colour class, or nothing, and text.")
    matched: bool = Field(default=False, description="Whether it contains words of the query.")
    cut: int = Field(default=0, description="Number of characters left out at its end.")
    after_gap: bool = Field(default=False, description="Lines before it are left out.")


class Place(Shape):
    """Where a definition is, and its name."""

    repository: str
    path: str
    path_bytes: str | None = Field(
        default=None, description="The bytes of a path that is not Unicode, in base64."
    )
    start_line: int
    end_line: int
    qualified_name: str
    kind: str


class Result(Place):
    """A search result."""

    symbol: str
    language: str
    score: float
    text: str
    line: int
    column: int
    definition: Span | None = None
    part: int | None = None
    part_count: int | None = None
    lines: list[Line] = Field(description="Those to be shown.")
    link: str | None = Field(description="Where the forge shows it, at the commit that is indexed.")


class Answer(Shape):
    """What all answers begin with."""

    schema_: Literal[1] = Field(default=1, alias="schema")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Newest(Shape):
    """Where a repository's branch is now, according to the farm's ledger, or in the clone that an index of this machine
    belongs to."""

    commit: str
    seen: float | None = Field(description="When that was first seen, in seconds since 1970.")
    commits: int | None = Field(
        description="How many commits the index lacks, 1000 at most; null: not counted. 0 says that it is up to date."
    )


class Index(Shape):
    """The index that an answer is from."""

    repository: str
    view: str
    commit: str | None
    complete: bool = Field(description="Whether all of the repository is indexed.")
    updated: float = Field(description="When the index was last written, in seconds since 1970.")
    files: int
    chunks: int
    newest: Newest | None = Field(description="Null: nobody here knows.")


class Found(Answer):
    """What a search found, best first."""

    results: list[Result]
    indexes: list[Index] = Field(description="The repositories that the results are from.")
    searched: int = Field(description="How many repositories were searched.")
    milliseconds: float
    notes: list[str] = Field(description="Sentences about what the answer is worth.")


class Repositories(Answer):
    """All repositories that you may see."""

    repositories: list[Index]
    left_out: list[str] = Field(description="Why others cannot be searched.")


class Outlined(Shape):
    """An entry of an outline."""

    start_line: int
    end_line: int
    line: int
    symbol: str
    qualified_name: str
    kind: str
    depth: int


class File(Answer):
    """A file as it is indexed."""

    index: Index
    path: str
    path_bytes: str | None = None
    language: str
    total_lines: int
    lines: list[Line]
    outline: list[Outlined]
    outline_whole: bool = Field(
        description="False where it has those about the lines alone: there are too many."
    )
    link: str | None


class Called(Shape):
    """The other end of a call."""

    place: Place
    name: str = Field(description="As it is written in the call.")
    line: int = Field(description="Where the call is, in the caller's file.")
    through: str = Field(
        default="",
        description="Of a possible caller: the method that it names, of an interface or a parent class, for which this "
        "definition may run. Otherwise empty.",
    )


class Calls(Answer):
    """What calls a definition, and what it calls; judged from names."""

    index: Index
    definition: Place
    told: bool = Field(description="False for a language whose calls are not known.")
    callers: list[Called]
    callees: list[Called]
    unread: int = Field(description="Files that mention its name but were not searched.")


class Related(Answer):
    """Code similar to that at a place."""

    index: Index
    results: list[Result]


class Me(Answer):
    """Who you are to this server."""

    name: str
    version: str
    repositories: int
    answers: bool = Field(description="Whether `explain` and `ask` are answered here.")
    session: bool = Field(description="Whether you logged in through the page, and can log out.")
    farm: bool = Field(description="Whether the farm's state is served.")


class Running(Shape):
    """A repository that a worker is working on."""

    repository: str
    since: float | None = Field(description="In seconds since 1970.")


class Troubled(Shape):
    """A repository that could not be indexed."""

    repository: str
    state: str = Field(description="`failed`: it is tried again; `aside`: it is not.")
    reason: str
    tries: int
    at: float | None = Field(description="When it failed last, in seconds since 1970.")


class Farm(Answer):
    """What the farm of the store is doing."""

    states: dict[str, int] = Field(description="How many of your repositories are in each state.")
    queued: dict[str, int] = Field(description="Jobs waiting, by purpose.")
    workers: int
    scheduler: bool = Field(description="Whether one is at work.")
    oldest_wanted: float = Field(
        description="How long the longest-waiting commit has been waiting, in seconds."
    )
    running: list[Running]
    troubled: list[Troubled]


class Error(Shape):
    """Why there is no answer: one sentence, and how to fix it."""

    status: int
    message: str
    remedy: str


class Refused(Answer):
    """No answer."""

    error: Error
