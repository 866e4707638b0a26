"""Colours that a page names are shown."""


def test_a_colour_has_a_square_and_other_code_has_none():
    from swatches import shown

    named = '<code class="x"><span class="pre">#4850B0</span></code>'
    assert shown(named) == named.replace(
        "<span", '<span class="swatch" style="background: #4850B0"></span><span', 1
    )
    other = '<code><span class="pre">#1</span></code> #4850B0'
    assert shown(other) == other
