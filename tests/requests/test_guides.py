"""The guide is the same in three languages, and what it tells to type is understood."""

from __future__ import annotations

import re
import shlex

import pytest

from analysis import paths
from analysis.cli import parser
from analysis.requests.answers.tables import read_mapping

LANGUAGES = ("en", "kk", "ru")


def guide(language):
    return (paths.root() / "docs" / "guides" / f"round.{language}.md").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_guide_is_one(language):
    lines = re.findall(r"^openness .*$", guide(language), re.M)
    assert len(lines) == 7
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "openness"
        assert parser().parse_args(arguments).run


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mapping_of_the_guide_is_read(language, tmp_path):
    (block,) = re.findall(r"^```toml\n(.*?)^```", guide(language), re.S | re.M)
    path = tmp_path / "table.toml"
    path.write_text(block, "utf-8")
    mapping = read_mapping(path)
    assert (mapping.place, mapping.header) == ("KZ-33", (2, 3))
    assert sorted(mapping.items.values()) == ["meetings", "people_received"]
