"""The unit of resistances of cells."""

import quantities as pq

#: quantities writes it out as "megaohm".
MOHM = pq.UnitQuantity("megohm", pq.ohm * 1e6, symbol="Mohm")
