"""Skips under CI: only for data that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

POLICY = Path(__file__).parents[1] / "conftest.py"
SUITE = {
    "test_body.py": "import pytest\ndef test_it(): pytest.skip('no engine in the body')",
    "test_mark.py": "import pytest\n@pytest.mark.skip(reason='no engine by mark')\ndef test_it(): ...",
    "test_fixture.py": (
        "import pytest\n@pytest.fixture\ndef engine(): pytest.skip('no engine in a fixture')\n"
        "def test_it(engine): ..."
    ),
    "test_file.py": "import pytest\npytest.skip('no engine for the file', allow_module_level=True)",
    "test_data.py": "import pytest\n@pytest.mark.data\ndef test_it(): pytest.skip('no photo')",
    "test_fails.py": "import pytest\n@pytest.mark.xfail(strict=True)\ndef test_it(): assert False",
}


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project under the policy, with a skip of every sort; ../shared/data is not there."""
    pytester.makeini("[pytest]\nmarkers = data: wants photos\n")
    suite = pytester.mkpydir("suite")
    (suite / "conftest.py").write_text(POLICY.read_text())
    for name, source in SUITE.items():
        (suite / name).write_text(source)
    return pytester


def run(project: pytest.Pytester) -> pytest.RunResult:
    return project.runpytest_inprocess("-ra", "--continue-on-collection-errors", "-p", "no:asyncio")


def test_under_ci_only_absent_data_is_a_reason(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")

    result = run(project)

    result.assert_outcomes(failed=1, errors=3, skipped=1, xfailed=1)  # a mark skips while the test is set up
    result.stdout.fnmatch_lines_random(
        [
            "*skipped in CI: *no engine in the body*",
            "*skipped in CI: *no engine by mark*",
            "*skipped in CI: *no engine in a fixture*",
            "*skipped in CI: *no engine for the file*",
            "SKIPPED*../shared/data is not there*",
        ]
    )


def test_where_the_data_lies_its_tests_may_not_skip(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    (project.path.parent / "shared" / "data").mkdir(parents=True)

    result = run(project)

    result.assert_outcomes(failed=2, errors=3, xfailed=1)
    result.stdout.fnmatch_lines(["*skipped in CI: *no photo*"])


def test_outside_ci_a_skip_is_a_skip(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    run(project).assert_outcomes(skipped=5, xfailed=1)
