"""Models that are written in NESTML: what flows in them, from their own equations.

PyNESTML's parser reads a file (`source`); `equations` collects what it says, `terms` takes the equation of
the voltage apart into currents, and `models` makes of them what the table of NEST's models holds: units,
signs, the currents that are not recorded, how synapses run between samples, and what sets the voltage.
"""
