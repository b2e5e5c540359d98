"""Whether an index fits what is about to use it."""

import re
from dataclasses import fields, replace

from wherein.errors import IndexIncompatible, IndexOfAnotherModel, IndexOutdated
from wherein.store.protocol import Header

SCHEMA = 7
"""The `Header.schema` of this version: raise it by one with every change to what a store holds or how."""

REBUILD = "wherein index --force"
"""The command that replaces an index that cannot be used."""

RENEW = "wherein index"
"""The command that makes anew what an older version left on this machine."""

UPDATE = "update wherein: `git pull && ./install` in its clone"

MEND = "wherein index, which restores it"
"""The command that mends an index in a shared store."""

REBUILD_FOR_ALL = (
    f"install what the others use; or `{REBUILD}`, after which they must install what is used here"
)
"""The same for an index that others use as well."""


def check_header(found: Header, wanted: Header, repository: str, remedy: str = REBUILD) -> None:
    """Return where both are equal.

    Raises IndexIncompatible, which names every difference, where they are not.
    """
    if differ := differences(found, wanted):
        same = replace(found, model=wanted.model, dimension=wanted.dimension) == wanted
        maker = "for another model" if same else "by another version of wherein"
        raise IndexIncompatible(f"The index of {repository} was made {maker}: {differ}.", remedy=remedy)


def check_own(found: Header, wanted: Header, repository: str) -> None:
    """The same for an index that is kept on this machine alone.

    Raises IndexOutdated, IndexOfAnotherModel; IndexIncompatible if a newer version made it, whose work is not thrown
    away.
    """
    differ = differences(found, wanted)
    if not differ:
        return
    if version(found) > version(wanted):
        raise IndexIncompatible(
            f"The index of {repository} was made by a newer version of wherein: {differ}.",
            remedy=f"{UPDATE}; or `{REBUILD}`",
        )
    if replace(found, model=wanted.model, dimension=wanted.dimension) == wanted:
        raise IndexOfAnotherModel(
            f"The index of {repository} was made for another model: {differ}.", remedy=RENEW
        )
    which = "an older" if version(found) < version(wanted) else "another"
    raise IndexOutdated(
        f"The index of {repository} was made by {which} version of wherein: {differ}.", remedy=RENEW
    )


def version(header: Header) -> tuple[int, ...]:
    """Compares versions of wherein by what they make."""
    masking = re.search(r"masking ([0-9]+)", header.chunker)
    numbers = [re.match(r"([0-9]+)", header.chunker), masking, re.match(r"([0-9]+)", header.tokenizer)]
    return header.schema, *(int(match[1]) if match else 0 for match in numbers)


def differences(found: Header, wanted: Header) -> str:
    """What an index was made with that is not as wanted; empty if nothing is."""
    return ", ".join(
        told
        for field in fields(Header)
        if getattr(found, field.name) != getattr(wanted, field.name)
        for told in _told(field.name, str(getattr(found, field.name)), str(getattr(wanted, field.name)))
    )


def _told(name: str, found: str, wanted: str) -> list[str]:
    """How a field differs; of one that has parts (`10 (parsers a, masking b)`) the parts that do."""
    one, other = _parts(name, found), _parts(name, wanted)
    told = [
        f"{part} {one[part]} instead of {other[part]}"
        for part in one
        if part in other and one[part] != other[part]
    ]
    return told if told and one.keys() == other.keys() else [f"{name} {found} instead of {wanted}"]


def _parts(name: str, version: str) -> dict[str, str]:
    own, _, more = version.removesuffix(")").partition(" (")
    return {name: own} | {
        part: value for part, _, value in (each.partition(" ") for each in more.split(", ") if more)
    }
