"""
Which currents carry the response of a BluePyOpt cell
=====================================================

Responses of BluePyOpt are called "Step.soma.ina", and hold densities without their units. `to_segment`
reads them. `record` adds a recording to each protocol that keeps every current of its locations as it
flowed, with area, stimulus and what flows in from the rest of the cell, also where protocols run in other
processes.
"""

import bluepyopt.ephys as ephys
from bluepyopt.ephys.examples.simplecell.simplecell import SimpleCell

import neo_currentscape as ncs
from neo_currentscape.adapters import bluepyopt

# %%
# A cell of BluePyOpt's own examples, and two steps. Whatever a protocol records at the soma is enough.

model = SimpleCell()
soma = model.soma_loc
steps = {}
for amplitude in (0.01, 0.05):
    name = f"Step_{amplitude:g}"
    pulse = ephys.stimuli.NrnSquarePulse(
        amplitude, 20, 50, total_duration=80, location=soma
    )
    recordings = [
        ephys.recordings.CompRecording(f"{name}.soma.{variable}", soma, variable)
        for variable in ("v", "ina", "ik", "il_hh")
    ]
    steps[name] = ephys.protocols.SweepProtocol(name, [pulse], recordings)
protocol = ephys.protocols.SequenceProtocol("steps", list(steps.values()))

# %%
# As they are, responses give the densities of the currents; ``area=`` would set them beside synapses.

simulator = ephys.simulators.NrnSimulator()
responses = protocol.run(
    model.cell_model, model.default_param_values, sim=simulator, isolate=False
)
segment = bluepyopt.to_segment(responses, "Step_0.05")
ncs.Currentscape.from_segment(segment).plot(title="Step of 50 pA, as recorded")

# %%
# Recorded for the purpose, each current is that of its mechanism, and the balance is exact.

bluepyopt.record(protocol)
responses = protocol.run(
    model.cell_model, model.default_param_values, sim=simulator, isolate=False
)
block = bluepyopt.to_block(responses)
for each in block.segments:
    print(each.name, ncs.balance(ncs.Recording.from_segment(each)).verdict)
segment = block.segments[0]
ncs.Currentscape.from_segment(segment).plot(title="Step of 10 pA")
