"""Opens every built page in Chromium, wide and narrow: nothing is cut, no link among the pages is dead.

``python docs/check_pages.py docs/_build/html`` prints what it found, and its exit code is 1 if there was
anything. ``--shots FOLDER --pages PAGE ...`` saves pictures of pages as well.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag

#: Folder of what the theme brings; no page is there.
ASSETS = "_static"
#: Widths of a laptop and of a phone, in pixels, and what may scroll inside itself there.
WIDTHS = {1280: "div.math", 390: ".pst-scrollable-table-container, div.math"}
#: What finds text that cannot be read; run in the page.
TEXT = (Path(__file__).parent / "cut_text.js").read_text(encoding="utf-8")
#: Under which names it is found.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: What Chromium is started with: no screen, nothing from the network.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
#: What of a page is not seen in its window: what reaches beyond it, unless that may scroll, and blocks of
#: code that are cut or scroll inside.
WIDER = """scrolling => {
  const found = [];
  const page = document.scrollingElement;
  const kept = e => e.closest(scrolling);
  const shown = [...document.querySelectorAll('.bd-article *, header *, footer *')];
  const out = e => e.getBoundingClientRect().right > innerWidth + 1;
  const wide = shown.filter(e => out(e) && e.offsetParent && !kept(e));
  if (wide.length)
    found.push('is cut: ' + wide[0].tagName + ' ' + wide[0].textContent.trim().slice(0, 60));
  if (page.scrollWidth > innerWidth + 1)
    found.push('page is ' + page.scrollWidth + ' px wide');
  for (const block of document.querySelectorAll('div.highlight pre'))
    if (block.scrollWidth > block.clientWidth + 1)
      found.push('code is cut: ' + block.textContent.trim().slice(0, 60));
  for (const text of document.querySelectorAll('.sd-card code')) {
    const card = text.closest('.sd-card').getBoundingClientRect();
    if (text.getBoundingClientRect().right > card.right + 1)
      found.push('text of a card is cut: ' + text.textContent);
  }
  return found;
}"""


def built(root: Path) -> list[Path]:
    """Paths of the pages below a folder."""
    return [page for page in sorted(root.rglob("*.html")) if page.relative_to(root).parts[0] != ASSETS]


def dead_links(root: Path) -> Iterator[str]:
    """Links from page to page whose file or anchor is not there.

    Parameters
    ----------
    root
        Folder of the built pages.

    Yields
    ------
    str
        The page and its link.
    """
    pages = {page.resolve(): page.read_text(encoding="utf-8") for page in built(root)}
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in pages.items()}
    for page, text in pages.items():
        for link in sorted(set(re.findall(r'(?:href|src)="([^"]+)"', text))):
            if re.match(r"[a-z]+:|//", link):
                continue
            path, anchor = urldefrag(unescape(link))
            path = path.partition("?")[0]
            target = (page.parent / unquote(path)).resolve() if path else page
            target = target / "index.html" if target.is_dir() else target
            lost = not target.exists() or (
                anchor and target in anchors and unquote(anchor) not in anchors[target]
            )
            if lost:
                yield f"{page.relative_to(root.resolve())}: {link} leads nowhere"


def cut_pages(root: Path, shots: Path | None = None, shown: tuple[str, ...] = ()) -> Iterator[str]:
    """Pages that are wider than their window, and code that is cut.

    Parameters
    ----------
    root
        Folder of the built pages.
    shots
        Where pictures go.
    shown
        Pages of which pictures are taken, by their path below `root`.

    Yields
    ------
    str
        The page, the width of the window, and what is too wide.
    """
    from playwright.sync_api import sync_playwright

    pages = [page.relative_to(root).as_posix() for page in built(root)]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        tab = browser.new_page()
        # Whatever a page asks of the network is missing in it without one.
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        for name in pages:
            asked.clear()
            tab.set_viewport_size({"width": max(WIDTHS), "height": 900})
            tab.goto((root / name).resolve().as_uri())
            for width, scrolling in WIDTHS.items():
                tab.set_viewport_size({"width": width, "height": 900})
                for fault in tab.evaluate(WIDER, scrolling) + tab.evaluate(TEXT, scrolling):
                    yield f"{name} at {width} px: {fault}"
                if shots and name in shown:
                    tab.screenshot(path=shots / f"{name.replace('/', '_')}_{width}.png", full_page=True)
            for url in asked:
                if url.startswith("http"):
                    yield f"{name}: asks the network for {url}"
        browser.close()


def chromium() -> str | None:
    """Tell where the browser is."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def main() -> int:
    """Check the pages of the folder that is named; 0 where nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--pages", nargs="*", default=[])
    given = parser.parse_args()
    if given.shots:
        given.shots.mkdir(parents=True, exist_ok=True)
    faults = list(dead_links(given.root))
    if chromium():
        faults += cut_pages(given.root, given.shots, tuple(given.pages))
        told = "Every page fits, every link leads somewhere."
    else:
        told = f"Every link leads somewhere. Widths are not checked: none of {', '.join(BROWSERS)} is here."
    print("\n".join(faults) if faults else told)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
