from textwrap import dedent

from wherein.chunking import chunker
from wherein.languages import registry


def cut(text):
    return chunker.chunk("", dedent(text), registry.get("yaml"))


def outline(text):
    return [(chunk.start_line, chunk.end_line, chunk.qualified_name) for chunk in cut(text)]


def test_the_jobs_of_a_workflow_are_chunks_of_their_own():
    text = """\
        name: CI
        on: [push]

        jobs:
          # Everything but the slow ones.
          test:
            runs-on: ubuntu
            steps:
              - run: make
          "lint":
            runs-on: ubuntu
        """
    found = cut(text)
    assert [(c.start_line, c.qualified_name, c.names) for c in found] == [
        (1, "name", ("on",)),
        (4, "jobs.test", ("jobs",)),
        (10, "jobs.lint", ()),
    ]
    assert found[1].doc == "Everything but the slow ones."


def test_the_services_of_a_compose_file_are_chunks_of_their_own():
    text = "services:\n  web:\n    image: a\n    ports:\n      - 80\n  db:\n    image: b\nvolumes:\n  data:\n"
    assert [name for *_, name in outline(text)] == ["services.web", "services.db", "volumes"]


def test_a_long_value_is_cut_at_the_next_level():
    steps = "".join(f"      - name: step {n}\n        run: |\n" + "          echo\n" * 20 for n in range(4))
    text = f"build:\n  image: x\n  script:\n{steps}"
    assert [name for *_, name in outline(text)] == [
        "build.image",
        "build.script.step 0",
        "build.script.step 1",
        "build.script.step 2",
        "build.script.step 3",
    ]


def test_a_kubernetes_document_is_named_by_its_kind_and_name():
    text = """\
        ---
        apiVersion: v1
        kind: Service
        metadata:
          labels: {a: b}
          name: web
        ---
        kind: Deployment
        metadata:
          name: worker
        """
    assert outline(text) == [(1, 6, "Service.web"), (7, 10, "Deployment.worker")]
    assert cut(text)[0].symbol == "web"


def test_a_playbook_is_cut_by_its_named_items():
    task = "".join(f"  key{n}: 1\n" for n in range(35))
    text = f"- name: install\n{task}- hosts: all\n{task}-\n  name: third\n{task}"
    assert [name for *_, name in outline(text)] == ["install", "all", "third"]


def test_block_scalars_hold_no_keys():
    text = "script: |\n  name: x\n  # no comment\n\n  other: y\nafter: 1\n"
    (only,) = cut(text)
    assert (only.symbol, only.names) == ("script", ("after",))


def test_templates_and_broken_files_are_kept():
    text = "{{- if .Values.x }}\nkind: A\n\tbad: tab\n : x\n*** \x00\n{{ end }}\n"
    assert outline(text)[-1][1] == 6
