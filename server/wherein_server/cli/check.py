"""One finding of `wherein doctor`."""

from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One finding."""

    name: str
    level: str
    """ok, warn or fail"""
    says: str
    remedy: str = ""
    unanswered: bool = False
    """something was asked that is still waited for"""


class Bad(Exception):
    """A check that did not pass."""

    def __init__(self, says: str, remedy: str = "", *, level: str = "fail") -> None:
        super().__init__(says)
        self.says, self.remedy, self.level = says, remedy, level
