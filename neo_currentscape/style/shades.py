"""Colours of families of currents, and of the members of each, found by a search for large differences.

The first colour of each family, those of currents of no family, and the grey of "other" differ by 12 and
more in CIEDE2000, by 8 and more with deuteranopia or protanopia, and by 2.3 in lightness, which is what a
print in grey leaves. The further colours of a family are of its hue, taken one after the other so that each
is as far as can be from all before it, of every family; a hatch helps where that is not far.
"""

from __future__ import annotations

_BY_FAMILY = {
    "Na": "#DF656F #A12A31 #FC7E77 #EEA8A8 #7E4646 #E03146 #935454 #E0858C #D9778C #CB7777",
    "Na persistent": "#CA8799 #A16269 #C41554 #FCD2D9 #CBA1A8 #623F4D #F5627E #E79ABD #D96993 #A15B70",
    "K": "#4850B0 #001585 #9A8CD9 #4638AF #3185FC #1554CB #543F93 #62628C #311C77 #8577AF",
    "K A-type": "#2996F8 #3F69AF #8CA8FC #858CB6 #5B699A #3877AF #38547E #0E4669 #C4CBFC #1C4D7E",
    "K fast": "#3B73EB #003893 #707EBD #5462D2 #7770CB #708CC4 #233877 #002A9A #0E235B #85A1D9",
    "K(Ca)": "#563B74 #311C38 #2A2A69 #310769 #690E85 #857093 #773FA1 #BD77CB #9377A1 #AF7EEE",
    "K slow": "#D3B6FA #70698C #AFA8D9 #9A77D9 #BD93E7 #AF9AC4 #E08CFC #5B5493 #8554C4 #7E69B6",
    "Ca": "#357250 #93CBAF #1C311C #3F5B46 #003F2A #38A15B #CBE7CB #699A85 #002A1C #15543F",
    "Ca T-type": "#B6D58B #B6FC9A #C4CBA1 #548546 #779369 #CBE0AF #69AF54 #546946 #93D95B #D9EEC4",
    "Ca L-type": "#5E941F #7E855B #D2F5BD #D9E0A1 #5B702A #385B1C #3FA131 #384623 #CBF5A8 #31542A",
    "Ca N-type": "#48592C #0E6200 #4D703F #A1C48C #697E5B #7EBD46 #778569 #467E31 #A1A862 #2A381C",
    "h": "#D12C85 #E7AFD2 #7E4D69 #FC699A #70153F #9A385B #A87085 #FCC4E7 #5B0731 #E0A8B6",
    "leak": "#C4A992 #FCE7D9 #CB7000 #8C3F00 #CB9A7E #E7D2BD #E7AF8C #8C7054 #A15B31 #624D38",
    "GABA": "#206972 #4DD9E0 #77A8AF #15383F #9ABDC4 #315B62 #00A1A8 #9AE0EE #5B8C93 #38C4CB",
    "GABA_B": "#3C89A1 #77A1B6 #A8E0FC #3FCBEE #236277 #1C4D62 #85C4E0 #C4EEFC #54BDE0 #1C9AB6",
    "AMPA": "#FD9F25 #937038 #FCCB70 #A8704D #A15B00 #EEBD77 #7E461C #E79A15 #FCC493 #7E5B38",
    "NMDA": "#FCE55D #BDBD5B #E0C44D #D2B677 #BDAF62 #EEBD2A #D9D2A1 #C4BD3F #938507 #9A8554",
    "pump": "#6B721A #2A2A00 #46461C #E7EE7E #CBE085 #9AA13F #69621C #8C9A46 #A8B67E #EEE78C",
    "adaptation": "#5D2326 #AF8585 #851538 #BD6977 #4D0715 #5B3838 #5B0E07 #702331 #853F4D #AF6262",
}

#: The colours of each family, by the place of the member.
SHADES = {family: tuple(colors.split()) for family, colors in _BY_FAMILY.items()}

#: How many places of a family have no hatch, where it is not the first alone.
PLAIN = {"Na": 3, "K": 3, "Ca": 3}
PLAIN |= dict.fromkeys(("K A-type", "K fast", "K(Ca)", "Ca T-type", "GABA", "AMPA", "adaptation"), 2)

_OF_REST = (
    "#C09B56 #B69A1C #BD9369 #D9A13F #705438 #623F0E",
    "#014B44 #54A89A #159377 #002A2A #00705B #38625B",
    "#F082C9 #C462A1 #AF2A70 #A846A1 #E07EA8 #FC5BAF",
    "#9BEAEF #388585 #007777 #C4EEEE #00B6CB #1CD9D2",
    "#823152 #46152A #8C005B #A14D62 #CB547E #9A5B7E",
    "#80E8BC #23B67E #8CE0CB #00A88C #0E7E62 #77C49A",
    "#5D074D #853F8C #62385B #9A708C #62234D #460046",
    "#4A3902 #9A8C4D #B68538 #3F3815 #8C7723 #AF8C5B",
)

#: Colours of currents whose names say no family: eight, each with five shades.
SHADES_OF_REST = tuple(tuple(colors.split()) for colors in _OF_REST)
