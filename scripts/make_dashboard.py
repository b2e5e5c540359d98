"""Write docs/grafana.json and docs/alerts.yaml from the tables below; with `--check`, fail where they would change.

Every metric that they name is one that `wherein serve` or `wherein farm status --prometheus` tells: a test asks them.
What to do about each alert stands in docs/operations.md, under the alert's name, which the test looks for as well.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"

WIDTH, HEIGHT = 8, 7
"""Of a panel, in Grafana's grid of 24."""


@dataclass(frozen=True)
class Panel:
    """A graph: PromQL and what its lines are called."""

    title: str
    told: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    red: float | None = None
    """from where on it is red"""


@dataclass(frozen=True)
class Alert:
    """A rule of Prometheus."""

    name: str
    expression: str
    wait: str
    severity: str
    summary: str


ROWS: dict[str, tuple[Panel, ...]] = {
    "Searching": (
        Panel(
            "Searches",
            "A page is to have its results within .15 s.",
            tuple(
                (
                    f"histogram_quantile({share}, sum by (le) (rate(wherein_search_seconds_bucket[5m])))",
                    f"{share:.0%}",
                )
                for share in (0.5, 0.95, 0.99)
            ),
            unit="s",
            red=0.5,
        ),
        Panel(
            "Requests a second",
            "By what they were answered with.",
            (("sum by (status) (rate(wherein_http_requests_total[5m]))", "{{status}}"),),
            unit="reqps",
        ),
        Panel(
            "Faults of the server",
            "Requests that failed because of a fault in the server.",
            (("sum by (kind) (rate(wherein_errors_total[5m]))", "{{kind}}"),),
            unit="reqps",
            red=0.01,
        ),
        Panel("Store", "Whether the store could be read.", (("min(wherein_store_up)", "up"),)),
        Panel(
            "Repositories to search",
            "And those that are left out, for their names are disputed.",
            (("max(wherein_repositories)", "searched"), ("max(wherein_repositories_left_out)", "left out")),
        ),
        Panel(
            "Oldest index",
            "Since the index that was written the longest ago was written.",
            (("max(wherein_index_age_max_seconds)", "age"),),
            unit="s",
        ),
    ),
    "Farm": (
        Panel(
            "Repositories by state",
            "`aside` needs somebody: wherein farm list --state aside.",
            (("max by (state) (wherein_farm_repositories)", "{{state}}"),),
        ),
        Panel(
            "Queue",
            "Jobs waiting for a worker, by purpose.",
            (("max by (why) (wherein_farm_queued)", "{{why}}"), ("max(wherein_farm_running)", "at work")),
        ),
        Panel(
            "Behind",
            "For how long what was pushed waits, at the longest.",
            (("max(wherein_farm_oldest_wanted_seconds)", "wanted"),),
            unit="s",
            red=1800,
        ),
        Panel(
            "Workers",
            "Those that were heard of lately, and whether a scheduler is at work.",
            (("max(wherein_farm_workers)", "workers"), ("max(wherein_farm_scheduler_up)", "scheduler")),
        ),
        Panel(
            "Runs a minute",
            "By their outcome; `kept` found done what it was to do.",
            (("sum by (outcome) (rate(wherein_farm_runs_total[15m])) * 60", "{{outcome}}"),),
        ),
        Panel(
            "Seconds a run",
            "From the fetch to the last write.",
            (
                (
                    "rate(wherein_farm_run_seconds_total[15m]) / sum(rate(wherein_farm_runs_total[15m]))",
                    "mean",
                ),
            ),
            unit="s",
        ),
        Panel(
            "Files read a minute",
            "File versions split into chunks and embedded.",
            (("rate(wherein_farm_embedded_total[15m]) * 60", "files"),),
        ),
        Panel(
            "Polling",
            "Seconds since the least recently polled remote was polled.",
            (("max(wherein_farm_longest_unpolled_seconds)", "longest"),),
            unit="s",
            red=7200,
        ),
        Panel(
            "Webhooks a minute",
            "By what became of them.",
            (("sum by (answer) (rate(wherein_farm_webhooks_total[15m])) * 60", "{{answer}}"),),
        ),
    ),
}

ALERTS = (
    Alert("WhereinStoreDown", "min(wherein_store_up) == 0", "2m", "page", "The store cannot be read."),
    Alert(
        "WhereinSearchSlow",
        "histogram_quantile(0.95, sum by (le) (rate(wherein_search_seconds_bucket[10m]))) > 0.5",
        "15m",
        "ticket",
        "One search in twenty takes more than half a second.",
    ),
    Alert("WhereinErrors", "sum(rate(wherein_errors_total[10m])) > 0.01", "10m", "ticket", "Requests fail."),
    Alert(
        "WhereinFarmNoScheduler",
        "max(wherein_farm_scheduler_up) == 0",
        "5m",
        "ticket",
        "Nobody polls, tries again or hands out jobs.",
    ),
    Alert(
        "WhereinFarmNoWorkers",
        "max(wherein_farm_workers) == 0 and sum(max by (why) (wherein_farm_queued)) > 0",
        "5m",
        "page",
        "Jobs wait, and there is no worker.",
    ),
    Alert(
        "WhereinFarmBehind",
        "max(wherein_farm_oldest_wanted_seconds) > 1800",
        "15m",
        "ticket",
        "What was pushed half an hour ago is not indexed.",
    ),
    Alert(
        "WhereinFarmAside",
        'max(wherein_farm_repositories{state="aside"}) > 0',
        "1h",
        "ticket",
        "Repositories were set aside, and nobody tries them again.",
    ),
    Alert(
        "WhereinFarmFailing",
        'sum(rate(wherein_farm_runs_total{outcome=~"failed|aside"}[30m])) > '
        "0.2 * sum(rate(wherein_farm_runs_total[30m]))",
        "30m",
        "ticket",
        "One run in five fails.",
    ),
    Alert(
        "WhereinFarmListsFailing",
        "max(wherein_farm_lists_failing) > 0",
        "3h",
        "ticket",
        "A forge does not give the list of an organisation.",
    ),
    Alert(
        "WhereinFarmUnpolled",
        "max(wherein_farm_longest_unpolled_seconds) > 7200",
        "30m",
        "ticket",
        "A remote was not looked at for two hours.",
    ),
    Alert(
        "WhereinFarmWebhooksRefused",
        'sum(rate(wherein_farm_webhooks_total{answer="refused"}[15m])) > 0.02',
        "30m",
        "ticket",
        "Webhooks come with a wrong signature.",
    ),
)


def dashboard() -> str:
    """The dashboard, as Grafana imports it."""
    panels: list[dict[str, Any]] = []
    y = 0
    for row, members in ROWS.items():
        panels.append(
            {"type": "row", "title": row, "collapsed": False, "panels": [], "id": len(panels) + 1}
            | {"gridPos": {"x": 0, "y": y, "w": 24, "h": 1}}
        )
        y += 1
        for at, panel in enumerate(members):
            x = at % 3 * WIDTH
            panels.append(_panel(panel, len(panels) + 1, x, y + at // 3 * HEIGHT))
        y += (len(members) + 2) // 3 * HEIGHT
    source = {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    document = {
        "title": "wherein",
        "uid": "wherein",
        "tags": ["wherein"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [source]},
        "panels": panels,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _panel(panel: Panel, number: int, x: int, y: int) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${datasource}"}
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red is not None:
        steps.append({"color": "red", "value": panel.red})
    return {
        "id": number,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.told,
        "datasource": source,
        "gridPos": {"x": x, "y": y, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "thresholds": {"mode": "absolute", "steps": steps},
                "custom": {"thresholdsStyle": {"mode": "line" if panel.red is not None else "off"}},
            },
            "overrides": [],
        },
        "targets": [
            {"refId": chr(65 + at), "expr": query, "legendFormat": legend, "datasource": source}
            for at, (query, legend) in enumerate(panel.queries)
        ],
    }


def alerts() -> str:
    """The rules, as Prometheus reads them; JSON strings are YAML."""
    lines = [
        "# Made by scripts/make_dashboard.py; change that. What to do about each: docs/operations.md.",
        "groups:",
    ]
    lines += ["  - name: wherein", "    rules:"]
    for each in ALERTS:
        lines += [
            f"      - alert: {each.name}",
            f"        expr: {json.dumps(each.expression)}",
            f"        for: {each.wait}",
            "        labels:",
            f"          severity: {each.severity}",
            "        annotations:",
            f"          summary: {json.dumps(each.summary)}",
            f"          runbook: docs/operations.md#{each.name.lower()}",
        ]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """File name → text."""
    return {"grafana.json": dashboard(), "alerts.yaml": alerts()}


if __name__ == "__main__":
    for name, text in pages().items():
        if "--check" not in sys.argv:
            (DOCS / name).write_text(text, encoding="utf-8")
        elif (DOCS / name).read_text(encoding="utf-8") != text:
            sys.exit(f"docs/{name} is stale: run python scripts/make_dashboard.py")
