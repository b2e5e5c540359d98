"""A field is found by its name, behind what is defined under that name."""

import wherein
from wherein.config.settings import Settings

SERVER = """\
package shop

type Server struct {
\t// Padding is what stays free at the edge.
\tPadding int
\tListen  []string
}
"""
ADDRESS = "package shop\n\nfunc (a NetworkAddress) Listen(port int) error {\n\treturn nil\n}\n"


def test_a_field_is_found_by_its_name_behind_what_is_defined_under_it(repo, data_dir):
    repo.commit({"a_server.go": SERVER, "net/address.go": ADDRESS})
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update(processes=0)
        assert [(hit.qualified_name, hit.line) for hit in index.symbols("Listen")] == [
            ("NetworkAddress.Listen", 3),
            ("Server.Listen", 6),
        ]
        assert [(hit.qualified_name, hit.line) for hit in index.search("padding", limit=1)] == [
            ("Server.Padding", 5)
        ]
