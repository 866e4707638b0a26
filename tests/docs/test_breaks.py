"""Long names may be folded between their words, and read and copied as before."""

import re

import pytest

#: Elements as they stand on a page, and where the names in them may be folded.
SHOWN = {
    '<pre><span class="nn">a.b_c</span></pre>': '<pre><span class="nn">a.<wbr>b<wbr>_c</span></pre>',
    "<code>f(x=1, y=[2])</code>": "<code>f(<wbr>x=<wbr>1, y=<wbr>[2])</code>",
    '<h1>Panel.draw<a href="x.y">#</a></h1>': '<h1>Panel.<wbr>draw<a href="x.y">#</a></h1>',
    "<p>See e.g. a.b, 1.5 nA</p>": "<p>See e.g. a.b, 1.5 nA</p>",
    "<td>0.025 ms, C dV/dt; iaf_cond</td>": "<td>0.025 ms, C dV/dt; iaf<wbr>_cond</td>",
    "<em>x.y</em> x.y": "<em>x.<wbr>y</em> x.y",
}


@pytest.mark.parametrize("html, folded", SHOWN.items())
def test_names_are_folded_between_their_words(html, folded):
    from breaks import breakable

    assert breakable(html) == folded
    assert re.sub("<wbr>", "", breakable(html)) == html
