"""Very many files of one line: no step may cost more than its share of them.

By hand, more: `WHEREIN_MANY_FILES=100000 pytest tests/indexing/test_many_small_files.py`
"""

import os
import sys

import pytest

FILES = int(os.environ.get("WHEREIN_MANY_FILES", "3000"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="making the files takes longer than the test")
def test_very_many_files_are_indexed_and_searched(repo, open_index):
    for folder in range(250):
        (repo.root / f"d{folder}").mkdir()
    for i in range(FILES):
        (repo.root / f"d{i % 250}" / f"f{i}.py").write_text(f"value_{i} = {i}\n")
    index = open_index(repo)  # untracked files are files too
    report = index.update()
    assert (report.files_added, report.files_embedded, report.chunks) == (FILES, FILES, FILES)
    last = FILES - 1
    assert index.search(f"value_{last}")[0].path == f"d{last % 250}/f{last}.py"
    (repo.root / "d0" / "f0.py").write_text("renewed = 0\n")
    report = index.update()
    assert (report.files_changed, report.files_embedded) == (1, 1)
    assert index.search("renewed")[0].path == "d0/f0.py"
    status = index.status()
    assert (status.files, status.behind, status.complete) == (FILES, 0, True)
