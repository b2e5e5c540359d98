"""Real editors for tests, out of Debian's packages: the command of each and what its environment needs. Downloaded
at the first call; LookupError or CalledProcessError where that is not possible."""

from pathlib import Path

from debian_packages import libraries, unpacked

Editor = tuple[list[str], dict[str, str]]


def helix() -> Editor:
    root = unpacked("helix", ["hx"], all_needed=True)
    return _run(root, "usr/lib/hx/hx"), {"HELIX_RUNTIME": str(root / "usr/lib/hx/runtime")}


def kakoune() -> Editor:
    root = unpacked("kakoune", ["kakoune"], all_needed=True)
    return _run(root, "usr/bin/kak"), {"KAKOUNE_RUNTIME": str(root / "usr/share/kak")}


def vim_with_ale() -> Editor:
    root = unpacked("vim-ale", ["vim-ale"], all_needed=True)
    (runtime,) = (root / "usr/share/vim").glob("vim[0-9]*")
    plugin = (
        f"set runtimepath+={root / 'usr/share/vim-ale'} | filetype plugin indent on | runtime plugin/ale.vim"
    )
    command = [*_run(root, "usr/bin/vim.basic"), "-Nu", "NONE", "--not-a-term", "-c", plugin]
    return command, {"VIMRUNTIME": str(runtime), "VIM": str(runtime.parent)}


def emacs() -> Editor:
    root = unpacked("emacs", ["emacs-nox"], all_needed=True)
    (dump,) = root.glob("usr/libexec/emacs/*/*/*.pdmp")
    (lisp,) = root.glob("usr/share/emacs/[0-9]*/lisp")
    folders = [lisp, *sorted(each for each in lisp.rglob("*") if each.is_dir())]
    command = [*_run(root, "usr/bin/emacs-nox"), f"--dump-file={dump}", "--batch", "-Q"]
    return command, {
        "EMACSLOADPATH": ":".join(map(str, folders)),
        "EMACSDATA": str(lisp.parent / "etc"),
        "EMACSPATH": str(dump.parent),
    }


def _run(root: Path, program: str) -> list[str]:
    """By the packages' own loader, so that they need not fit this system."""
    folder = libraries(root)
    return [str(folder / "ld-linux-x86-64.so.2"), "--library-path", str(folder), str(root / program)]
