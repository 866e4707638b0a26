"""Pages in the look of the documentation fit a laptop and a phone; faults and dead links are told."""

import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.browser

#: What goes on a page that fits: all that is wide, and folds or scrolls inside itself.
WIDE = f"""
A page
======

.. code-block:: python

   a_line_that_is_far_too_long = {" + ".join(f"number{k}" for k in range(40))}

.. list-table::

   * - {"x_one" * 12}
     - {"y.two" * 12}
     - {"z_six" * 12}

.. math::

   {" + ".join(f"I_{{{k}}}" for k in range(60))} = 0

.. grid:: 3

   .. grid-item-card:: A card

      ``{"anamewithoutanygap" * 3}``

See ``{"another_name_without_a_gap" * 6}``, and :ref:`genindex`.
"""

TABLE = '<div class="pst-scrollable-table-container" style="overflow-x: auto"><table>'

#: Pages that do not, with what is told of each.
BAD = {
    "wide": ('<div style="width: 2000px">far too wide</div>', ["is cut: DIV far too wide"]),
    "hidden": (
        '<div style="overflow: hidden"><p style="width: 1300px">cut off</p></div>',
        ["is cut: P cut off"],
    ),
    "scrolls": (
        '<div style="overflow-x: auto"><p style="width: 1300px">beyond</p></div>',
        ["at 1280 px: is cut: P beyond", "at 390 px: is cut: P beyond"],
    ),
    "table": (
        f'{TABLE}<tr><td style="min-width: 1300px">a cell</td></tr></table></div>',
        ["at 1280 px: is cut"],
    ),
    "code": (
        '<div class="highlight"><pre style="white-space: pre">' + "code " * 99 + "</pre></div>",
        ["code is cut: code code"],
    ),
    "clipped": (
        '<div style="overflow: hidden; width: 99px"><p style="width: 999px">whatever is cut off</p></div>',
        ["text is cut: whatever is cut off"],
    ),
    "before": (
        '<div style="overflow-x: auto"><p style="margin-left: -99px">begins outside</p></div>',
        ["text is cut: begins outside"],
    ),
    "letters": (
        '<table class="table"><tr><td style="width: 1px; overflow-wrap: anywhere">NEURON</td></tr></table>',
        ["a word is folded: NEURON in NEURON"],
    ),
    "network": ('<img src="http://127.0.0.1:9/x.png">', ["asks the network for http://127.0.0.1:9/x.png"]),
    "dead": ('<a href="wide.html#lost">a</a><img src="no.png">', ["wide.html#lost leads", "no.png leads"]),
}


@pytest.fixture
def checked(tools):
    import check_pages

    pytest.importorskip("playwright")
    if check_pages.chromium() is None:
        pytest.skip("no browser on this machine")

    def check(folder, *options):
        command = [sys.executable, str(tools / "check_pages.py"), str(folder), *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    return check


def test_what_is_wide_folds_in_the_look_of_the_documentation(checked, tools, tmp_path):
    source, pages, shots = (tmp_path / name for name in ("source", "pages", "shots"))
    for name in ("_static", "extensions"):
        shutil.copytree(tools / name, source / name)
    shutil.copy(tools / "inventories.txt", source)
    # The settings of the documentation, without its gallery and its reference.
    less = "extensions = [name for name in extensions if 'gallery' not in name]\n"
    less += "autosummary_generate, templates_path = False, []\n"
    (source / "conf.py").write_text((tools / "conf.py").read_text() + less)
    (source / "index.rst").write_text(WIDE)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", str(source), str(pages)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stderr
    done = checked(pages, "--shots", str(shots), "--pages", "index.html")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.name for path in shots.iterdir()} == {"index.html_1280.png", "index.html_390.png"}
    # The same page is too wide without the style sheet of the documentation.
    (pages / "_static" / "pages.css").write_text("")
    done = checked(pages)
    assert done.returncode == 1
    for told in ("at 390 px: code is cut: a_line_that_is", "text of a card is cut"):
        assert told in done.stdout, done.stdout


def test_each_fault_is_told_with_its_page(checked, tmp_path):
    for name, (body, _) in BAD.items():
        head = '<!DOCTYPE html><meta name="viewport" content="width=device-width"><body style="margin: 0">'
        (tmp_path / f"{name}.html").write_text(f'{head}<article class="bd-article">{body}</article>')
    (tmp_path / "fits.html").write_text('<article class="bd-article"><a href="wide.html">a</a></article>')
    # On a phone a table may scroll inside itself.
    narrow = f'{TABLE}<tr><td style="min-width: 600px">a cell</td></tr></table></div>'
    (tmp_path / "fits_too.html").write_text(f'{head}<article class="bd-article">{narrow}</article>')
    # What a theme brings is no page.
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "macros.html").write_text('<a href="{{ pathto() }}">')
    done = checked(tmp_path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert not [line for line in lines if line.startswith(("fits", "_static"))]
    for name, (_, told) in BAD.items():
        for fault in told:
            of_page = [line for line in lines if line.startswith(f"{name}.html")]
            assert [line for line in of_page if fault in line], (fault, lines)
