"""A real llama-server with a model of known words; says where it answers, and ends with its standard input."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tests" / "support"))

from llama_server import LlamaServer, Recital

PIECES = {
    "cited": (
        *(
            "## How it works\n\n",
            "The handler ",
            "checks the ",
            "**status** ",
            "first [1]",
            ", then ",
            "goes on",
        ),
        *(
            " with `retry`",
            " [2]",
            ".\n\n",
            "- one step\n",
            "- another\n\n",
            "```python\nraise Retry()\n```\n\n",
        ),
        *(
            "<img src=x onerror=alert(1)> ",
            "<script>alert(2)</script> ",
            "[a link](https://example.invalid/) ",
        ),
        *("![a picture](https://example.invalid/x.png)", "\n\nSo much for it.\n"),
    ),
    "shown": (
        "A file is cut at its definitions [1]: ",
        "each chunk keeps **whole lines**, and the chunks of a file cover every line exactly once [2].\n\n",
        "- a definition that is too long is cut again, at what it is made of\n",
        "- short neighbours are joined\n",
        "- what has no grammar is cut by windows [3]\n",
    ),
    "endless": ("word ", "after ", "another ", "and so on, "),
}


def main(names: list[str]) -> None:
    """Serve one model for each name, and tell their addresses as one line of JSON."""
    servers = {name: LlamaServer(Recital(PIECES[name], endless=name == "endless")) for name in names}
    try:
        told = {name: server.start().base_url for name, server in servers.items()}
        print(json.dumps(told), flush=True)
        for line in sys.stdin:
            words = line.split()
            if words[:1] == ["pause"]:
                servers[words[1]].pause()
            elif words[:1] == ["resume"]:
                servers[words[1]].resume()
            elif words[:1] == ["busy"]:
                print(servers[words[1]].busy_slots(), flush=True)
    finally:
        for server in servers.values():
            server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
