"""A hundred thousand files of one line: no step may cost more than its share of them."""

import sys

import pytest

FILES = 100_000


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="making the files takes longer than the test")
def test_a_hundred_thousand_files_are_indexed_and_searched(repo, open_index):
    for folder in range(250):
        (repo.root / f"d{folder}").mkdir()
    for i in range(FILES):
        (repo.root / f"d{i % 250}" / f"f{i}.py").write_text(f"value_{i} = {i}\n")
    index = open_index(repo)  # untracked files are files too
    report = index.update()
    assert (report.files_added, report.files_embedded, report.chunks) == (FILES, FILES, FILES)
    assert index.search("value_77777")[0].path == "d27/f77777.py"
    (repo.root / "d0" / "f0.py").write_text("renewed = 0\n")
    report = index.update()
    assert (report.files_changed, report.files_embedded) == (1, 1)
    assert index.search("renewed")[0].path == "d0/f0.py"
    status = index.status()
    assert (status.files, status.behind, status.complete) == (FILES, 0, True)
