"""What the commands of benchmarks have in common: how they are asked, and where their figures go."""

import argparse
import json
from pathlib import Path


def parser(description: str | None) -> argparse.ArgumentParser:
    """For a command whose module's docstring is its help, as it stands."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def write_json(file: Path | None, figures: object) -> None:
    """Write figures where `--json` said, if it did."""
    if file is not None:
        file.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
