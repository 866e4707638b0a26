"""
Currents of a Jaxley cell
=========================

Jaxley records a current at the voltage where its step begins, sums up channels of one name, and gives
``HH`` as one current. `jaxley.record` asks for all that currents are made of; `jaxley.to_segment` makes of
it what flowed in each step, each channel and conductance apart.
"""

import jax
import jaxley as jx
from jaxley.channels import HH, CaL, Km, Leak

import neo_currentscape as ncs
from neo_currentscape.adapters import jaxley

jax.config.update(
    "jax_enable_x64", True
)  # before modules are made; else the balance holds to 1e-3

# %%
# A soma with two dendrites, which hold calcium channels of high threshold and M channels.

cell = jx.Cell(jx.Branch(jx.Compartment(), 2), parents=[-1, 0, 0])
cell.set("radius", 1.0)
cell.branch(0).set("radius", 8.0)
cell.branch(0).insert(HH())
for channel in (Leak(), CaL(), Km()):
    cell.branch([1, 2]).insert(channel)
cell.branch([1, 2]).set("CaL_gCaL", 1e-3)
cell.branch([1, 2]).set("Km_gKm", 1e-3)
cell.branch(0).loc(0.0).stimulate(jx.step_current(2.0, 25.0, 0.3, 0.025, 30.0))

# %%
# Ten lines: record, integrate, draw. A place is called as Jaxley is asked for it.

jaxley.record(cell)
recordings = jx.integrate(cell)
segment = jaxley.to_segment(cell, recordings)
soma = ncs.Recording.from_segment(segment, site="branch(0).comp(0)")
print(ncs.balance(soma))
ncs.Currentscape(soma).plot(title="Jaxley: soma")

# %%
# And a dendrite, whose calcium channels open with each spike of the soma.

ncs.Currentscape.from_segment(segment, site="branch(1).comp(1)").plot(
    title="Jaxley: dendrite"
)

# sphinx_gallery_thumbnail_number = 2
