"""The dashboard and the alerts: made from the script, of metrics that exist, each alert with what to do about it."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from wherein_server.farm.entry import QUEUES, STATES
from wherein_server.farm.metrics import ANSWERS, OUTCOMES, exposition
from wherein_server.farm.status import FarmStatus
from wherein_server.serve.metrics import Metrics

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_dashboard", ROOT / "scripts" / "make_dashboard.py")
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def told():
    """Name → label → values, of all that a server and a farm tell Prometheus."""
    server = Metrics()
    server.request("/", "GET", 200, 0.1)
    server.search(3, 0.1)
    server.error("store")
    server.store(True)
    server.indexes([("a", 1.0, True, 1)], 0)
    farm = FarmStatus(
        repositories=[],
        states=dict.fromkeys(STATES, 1),
        queued=dict.fromkeys(QUEUES, 1),
        running=[],
        workers=[],
        totals={},
        listed={},
        scheduler=True,
        made_with="",
        oldest_wanted=0.0,
        longest_unpolled=0.0,
    )
    found: dict[str, dict[str, set[str]]] = {}
    for text in (server.text().decode(), exposition(farm)):
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = found.setdefault(sample.name, {})
                for label, value in sample.labels.items():
                    labels.setdefault(label, set()).add(value)
    assert {*OUTCOMES} == found["wherein_farm_runs_total"]["outcome"]
    assert {*ANSWERS} == found["wherein_farm_webhooks_total"]["answer"]
    return found


def expressions(script):
    panels = [panel for row in script.ROWS.values() for panel in row]
    return [query for panel in panels for query, _ in panel.queries] + [
        each.expression for each in script.ALERTS
    ]


def test_they_are_as_the_script_has_them(script):
    for name, text in script.pages().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, (
            "run python scripts/make_dashboard.py"
        )


def test_every_metric_and_label_that_they_ask_for_exists(script, told):
    for expression in expressions(script):
        names = re.findall(r"\bwherein_\w+", expression)
        assert names, expression
        for name in names:
            assert name in told, (name, expression)
        for label in re.findall(r"by \((\w+)\)", expression):
            assert any(label in told[name] for name in names), (label, expression)
        for name, label, _, values in re.findall(r'(wherein_\w+)\{(\w+)(=~?)"([^"]+)"\}', expression):
            assert set(values.split("|")) <= told[name][label], expression


def test_every_metric_of_a_farm_is_looked_at(script, told):
    asked = " ".join(expressions(script))
    assert [
        name for name in told if name.startswith("wherein_farm_") and not re.search(rf"\b{name}\b", asked)
    ] == []


def test_the_dashboard_is_laid_out_without_overlaps(script):
    panels = json.loads(script.dashboard())["panels"]
    places = [tuple(panel["gridPos"][key] for key in "xywh") for panel in panels]
    cells = [(x + i, y + j) for x, y, w, h in places for i in range(w) for j in range(h)]
    assert len(cells) == len(set(cells))
    assert max(x + w for x, _, w, _ in places) == 24
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_each_alert_is_a_rule_and_has_what_to_do_when_it_is_red(script):
    rules = yaml.safe_load(script.alerts())["groups"][0]["rules"]
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules] == [each.name for each in script.ALERTS]
    for rule, each in zip(rules, script.ALERTS, strict=True):
        assert rule["expr"] == each.expression
        section = re.search(rf"^### {each.name}\n\n(.+?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
        assert section is not None, each.name
        assert len(section[1].split()) > 10
    assert set(re.findall(r"^### (Wherein\w+)$", page, re.MULTILINE)) == {each.name for each in script.ALERTS}
