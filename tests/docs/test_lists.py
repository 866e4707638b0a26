"""Pages that are made of what others keep: the public names, the address of the repository."""

import re


def test_public_names_are_listed_once_under_their_folder():
    from public_names import listed

    lines = listed(["plot", "SharesPanel", "adapters.nest.record", "Average", "adapters.nest.Snapshot"])
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "Classes",
        "Functions and sub-packages",
        "Panels",
        "``ncs.adapters.nest``",
    ]
    assert "   :py:obj:`Snapshot <neo_currentscape.adapters.nest.Snapshot>`," in lines
    assert sum("adapters.nest.record" in line for line in lines) == 1


def test_issues_are_a_link_once_the_repository_is_known(tmp_path):
    from stamped import issues

    setup = tmp_path / "setup.cfg"
    setup.write_text("[metadata]\nproject_urls =\n    Changes = https://x.org/changes\n", encoding="utf-8")
    assert issues(setup) == ".. |issues| replace:: the repository's issue tracker"
    setup.write_text(
        "[metadata]\nproject_urls =\n    Issues = https://host.example/a/b/issues\n", encoding="utf-8"
    )
    assert issues(setup).endswith("`the repository's issue tracker <https://host.example/a/b/issues>`__")


def test_the_page_on_balances_knows_each_verdict(tools):
    from neo_currentscape.conservation.shapes.fits import Shape
    from neo_currentscape.conservation.verdict import Diagnosis

    page = (tools / "unexplained.rst").read_text(encoding="utf-8")
    kinds = re.findall(r'"([a-z ]+)"', re.search(r"kind : (\{.+?\})", Diagnosis.__doc__)[1])
    assert len(kinds) >= 9
    assert [kind for kind in kinds if f"(``{kind}``)" not in page and f"**{kind}**" not in page] == []
    shapes = set(re.findall(r'"([A-Za-z ]+)"', re.search(r"kind : (\{.+?\})", Shape.__doc__)[1]))
    # How the sentence of each begins.
    words = {
        "constant": "it is constant",
        "step": "it is constant",
        "follows V": "it follows V",
        "partly": "it follows V",
        "axial": "it looks like the axial current",
        "jumps": "it flows in single samples only",
        "spikes only": "it flows during spikes only",
        "other": "it has no simple shape",
    }
    assert set(words) == shapes
    assert [text for text in words.values() if text not in page] == []
