"""The order in which the rules about names are applied."""

from collections.abc import Mapping
from dataclasses import field

from wherein.git.attributes import NONE, Attributes
from wherein.git.ignore.conventions import Conventions
from wherein.git.ignore.patterns import IgnorePatterns
from wherein.git.ignore.verdict import Verdict
from wherein.quick_dataclass import dataclass
from wherein.secrets.files import secret_names
from wherein.skips import SkipReason

GENERATED = Verdict(SkipReason.GENERATED, "the attribute linguist-generated is set in .gitattributes")
OWN = Verdict(SkipReason.IGNORED, "it belongs to wherein: the data folder is here")
VENDORED = Verdict(SkipReason.VENDORED, "the attribute linguist-vendored is set in .gitattributes")


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds secrets is left out whatever a repository says. Then .whereinignore and the settings have the word,
    then .gitattributes, then conventions.

    A pattern with `!` brings a file back that attributes or conventions would leave out.
    """

    patterns: IgnorePatterns
    attributes: Mapping[str, Attributes] = field(default_factory=dict)
    conventions: Conventions = field(default_factory=Conventions)
    include_generated: bool = False
    include_vendored: bool = False
    include_secrets: bool = False
    own: tuple[str, ...] = ()
    """beginnings of the paths of wherein's own files"""

    def judge(self, path: str) -> Verdict | None:
        """Why a file is left out for its name; None if it is not."""
        if self.own and path.startswith(self.own):
            return OWN
        if not self.include_secrets and (because := secret_names().because(path)):
            return Verdict(SkipReason.SECRET, because)
        if self.patterns and (match := self.patterns.match(path)):
            return Verdict(SkipReason.IGNORED, f"the rule `{match.rule}` matches") if match.ignored else None
        said = self.attributes.get(path, NONE)
        if not self.include_vendored and said.vendored is not False:
            if said.vendored:
                return VENDORED
            if vendored := self.conventions.vendored(path):
                return vendored
        if said.generated is False:
            return None
        if said.generated:
            return None if self.include_generated else GENERATED
        generated = self.conventions.generated(path)
        if generated and self.include_generated and generated.reason is SkipReason.GENERATED:
            return None
        return generated
