"""The image, compose.yaml and the example for Kubernetes: what they call exists, and none may do more than it must.

Where kubernetes-validate and check-jsonschema are installed (110 MB of schemas), they are held against these as well.
"""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from wherein_server.cli.main import cli

ROOT = Path(__file__).parents[2]

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
ITEMS = yaml.safe_load((ROOT / "docs" / "kubernetes.yaml").read_text())["items"]
CONTAINERFILE = (ROOT / "Containerfile").read_text()

OURS = {name: each for name, each in COMPOSE["services"].items() if name != "redis"}
PODS = {
    each["metadata"]["name"]: each["spec"]["template"] for each in ITEMS if "template" in each.get("spec", {})
}


def parsed(words):
    """The command that words are of, having taken all of them; click's error where it would not."""
    command, context = cli, click.Context(cli)
    while isinstance(command, click.Group):
        name = words[0] if words and not words[0].startswith("-") else None
        following = command.get_command(context, name) if name else None
        if following is None:
            break
        command, words = following, words[1:]
    with command.make_context("wherein", list(words), resilient_parsing=False):
        return command


@pytest.mark.parametrize("name", OURS)
def test_a_service_calls_a_command_that_is_there(name):
    words = [re.sub(r"\$\{\w+:-(.*)\}", r"\1", word) for word in OURS[name]["command"]]
    assert parsed(words).name in ("serve", "command", "run", "work", "webhook")


@pytest.mark.parametrize("name", OURS)
def test_a_service_may_do_no_more_than_it_must(name):
    service = OURS[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    written = {place.split(":")[1] for place in service["volumes"] if not place.endswith(":ro")}
    written |= {place.split(":")[0] for place in service["tmpfs"]}
    assert {"/data", "/tmp", "/home/wherein"} == written
    named = {place.split(":")[0] for place in service["volumes"] if not place.startswith("./")}
    assert named <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", PODS)
def test_a_pod_calls_a_command_that_is_there_and_may_do_no_more_than_it_must(name):
    spec = PODS[name]["spec"]
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["automountServiceAccountToken"] is False
    (container,) = spec["containers"]
    assert parsed(container["args"]) is not cli
    locked = container["securityContext"]
    assert locked["readOnlyRootFilesystem"]
    assert not locked["allowPrivilegeEscalation"]
    assert locked["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"]["memory"]
    (owner,) = (
        each for each in ITEMS if each["metadata"]["name"] == name and "template" in each.get("spec", {})
    )
    claims = {claim["metadata"]["name"] for claim in owner["spec"].get("volumeClaimTemplates", ())}
    volumes = {volume["name"] for volume in spec["volumes"]} | claims
    assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
    assert {"/data", "/tmp", "/home/wherein"} <= {mount["mountPath"] for mount in container["volumeMounts"]}


def test_what_is_named_in_kubernetes_is_there():
    labels = [pod["metadata"]["labels"] for pod in PODS.values()]
    services = {each["metadata"]["name"]: each for each in ITEMS if each["kind"] == "Service"}
    for each in services.values():
        assert each["spec"]["selector"] in labels
    for each in ITEMS:
        if "template" in each.get("spec", {}):
            assert each["spec"]["selector"]["matchLabels"] == each["spec"]["template"]["metadata"]["labels"]
        for rule in each.get("spec", {}).get("rules", ()):
            for path in rule["http"]["paths"]:
                assert path["backend"]["service"]["name"] in services


def test_variables_are_ones_that_are_read():
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for root in ("indexer", "server")
        for path in (ROOT / root).rglob("*.py")
    )
    named = set(re.findall(r"\bWHEREIN_[A-Z_]+", "\n".join(map(str, (OURS, PODS, CONTAINERFILE)))))
    named -= {"WHEREIN_REDIS_PASSWORD", "WHEREIN_REDIS_MEMORY", "WHEREIN_NAME"}  # compose's own
    assert {name for name in named if f'"{name}"' not in source} == set()


def test_the_image_is_built_in_stages_and_runs_as_nobody():
    stages = re.findall(r"^FROM ", CONTAINERFILE, re.MULTILINE)
    assert len(stages) == 2
    last = CONTAINERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 65532", last, re.MULTILINE)
    assert "pip install" not in last
    copied = re.findall(r"^COPY ([^-].*) \S+$", CONTAINERFILE, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text()
    for name in " ".join(copied).split():
        assert (ROOT / name).exists()
        assert f"!{name}\n" in ignored
    extras = re.search(r'"\.\[([a-z,]+)\]"', CONTAINERFILE)[1].split(",")
    declared = (ROOT / "pyproject.toml").read_text()
    assert all(re.search(rf"^{extra} = \[", declared, re.MULTILINE) for extra in extras)


def test_kubernetes_takes_the_example():
    validate = pytest.importorskip("kubernetes_validate")
    for item in ITEMS:
        validate.validate(item, "1.31", strict=True)


def test_compose_takes_its_file():
    pytest.importorskip("check_jsonschema")
    words = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(ROOT / "compose.yaml")]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
