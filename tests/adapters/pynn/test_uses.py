"""Data that is mixed up, late or lost is refused in a sentence; what can still be known of it, is."""

import numpy as np
import pytest

import neo_currentscape as ncs

pytestmark = pytest.mark.pynn

BACKENDS = ["neuron", "nest", "brian2"]

MIXED_UP = {
    "label": "recorded from population 'first', and 'population",
    "annotate": "recorded from population 'first', and 'population",
    "size": "3 neurons, and population 'first' has 2",
    "cell type": "type IF_cond_exp, and population 'first' is of IF_cond_alpha",
}


@pytest.mark.parametrize("what", MIXED_UP)
@pytest.mark.parametrize("backend", BACKENDS)
def test_data_of_another_population_is_refused(simulate, backend, what):
    found, _ = simulate(backend, "uses.mixed_up")
    kinds, message = found[what]
    assert "SelectionError" in kinds and MIXED_UP[what] in message
    assert found["right"].analogsignals


@pytest.mark.parametrize("backend", BACKENDS)
def test_recordings_begin_before_the_run(simulate, backend):
    found, _ = simulate(backend, "uses.late")
    kinds, message = found["late"]
    assert "SignalError" in kinds and "'late' has run already" in message and "before the first" in message
    kinds, message = found["never"]
    assert "SelectionError" in kinds and "recordings of none" in message


@pytest.mark.parametrize("backend", BACKENDS)
def test_recording_twice_is_recording_once(simulate, residual, backend):
    found, _ = simulate(backend, "uses.late")
    assert "v" in found["twice"]
    assert residual(found["again"], 1) < 0.02


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_is_left_after_clearing_and_a_run_later_there_is(simulate, backend):
    found, _ = simulate(backend, "uses.late")
    kinds, message = found["cleared"]
    assert "SignalError" in kinds and "since get_data(clear=True)" in message and "sim.run" in message
    assert found["again"].analogsignals


@pytest.mark.parametrize("backend", ["neuron", "brian2"])
def test_a_reset_lets_recordings_begin(simulate, residual, backend):
    found, _ = simulate(backend, "uses.late")
    assert "v" in found["after reset"]
    assert residual(found["last"], 0) < 0.02


@pytest.mark.parametrize("backend", ["neuron", "brian2"])
def test_what_pynn_recorded_from_the_middle_on_is_refused(simulate, backend):
    (kinds, message), _ = simulate(backend, "uses.late_by_hand")
    assert "SignalError" in kinds and "'hand'" in message and "middle of a run" in message


def _neurons(segment):
    return {int(i) for s in segment.analogsignals for i in s.array_annotations["channel_index"]}


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_cell_is_a_view_of_one(simulate, channel, backend):
    found, _ = simulate(backend, "uses.cells")
    assert _neurons(found["cell"]) == {2} and _neurons(found["some and none"]) == {2}
    assert channel(found["cell"], "i_offset", 2)[0] == 0.3
    assert _neurons(found["assembly"]) == {0, 1}
    assert channel(found["assembly"], "i_offset", 1)[0] == 0.3


@pytest.mark.parametrize("what", ["other view", "other cell"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_neurons_that_were_not_recorded_are_named(simulate, backend, what):
    found, _ = simulate(backend, "uses.cells")
    kinds, message = found[what]
    assert "SelectionError" in kinds and "'some'" in message and "neurons 2)" in message


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_conductance_on_which_no_projection_ends_is_zero(simulate, channel, residual, backend):
    found, _ = simulate(backend, "uses.unused")
    kinds, message = found.pop("missing")
    assert "SelectionError" in kinds and "'gsyn_inh' of population 'missing' was not recorded" in message
    for segment, said in found.values():
        assert ["'gsyn_inh'" in text and "taken for zero" in text for text in said] == [True]
        assert not channel(segment, "inhibitory", 1).any()
        assert channel(segment, "excitatory", 1).min() < -0.1
        assert residual(segment, 1) < 0.02


@pytest.mark.parametrize("kind", ["IF_cond_exp", "HH_cond_exp"])
def test_a_first_sample_that_was_drawn_anew_is_marked(simulate, kind):
    found, _ = simulate("nest", "uses.drawn")
    for neuron in range(5):
        recording = ncs.Recording.from_segment(found[kind], neuron=neuron)
        assert list(np.flatnonzero(recording.clamped)) == [0]
        assert ncs.balance(recording).verdict.startswith("complete")


def test_a_first_sample_that_is_true_is_not_marked(simulate):
    found, _ = simulate("nest", "uses.drawn")
    assert ncs.Recording.from_segment(found["plain"], neuron=0).clamped is None
    found, _ = simulate("neuron", "uses.drawn")
    assert ncs.Recording.from_segment(found["HH_cond_exp"], neuron=0).clamped is None


@pytest.mark.parametrize("suffix", ["mat", "nwb"])
@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_a_population_tells_what_a_file_has_lost(simulate, channel, backend, suffix):
    pytest.importorskip("scipy" if suffix == "mat" else "pynwb")
    found, _ = simulate(backend, "uses.files")
    segment, said = found[f"bare {suffix}"]
    assert not said
    for neuron in range(3):
        for name in ("leak", "v", "i_offset"):
            np.testing.assert_allclose(
                channel(segment, name, neuron), channel(found["whole"], name, neuron), atol=1e-9
            )
    assert [len(t) for t in segment.spiketrains] == [len(t) for t in found["whole"].spiketrains]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_cell_of_pynn_is_a_neuron(simulate, backend):
    found, _ = simulate(backend, "uses.by_cell")
    assert found["population"] == list(range(9)) and found["view"] == [3, 4] and found["raw"] == 7
    assert found["assembly"] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "what, cell",
    [("other", "cell 1 of population 'first'"), ("not there", "cell 3 of population 'second'")],
)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_cell_of_which_nothing_is_there_is_refused(simulate, backend, what, cell):
    found, _ = simulate(backend, "uses.by_cell")
    kinds, message = found[what]
    assert "SelectionError" in kinds and cell in message


@pytest.mark.parametrize("backend", BACKENDS)
def test_raw_data_with_its_description_needs_no_adapter(simulate, backend):
    found, _ = simulate(backend, "uses.by_cell")
    assert found["by name"] == 3
    # Three currents of nine neurons.
    assert found["summary"][0] == 27


@pytest.mark.parametrize("backend", BACKENDS)
def test_one_recorded_current_is_never_the_whole(simulate, backend):
    found, _ = simulate(backend, "uses.raw")
    for name, ((kinds, message), derived) in found.items():
        assert "SelectionError" in kinds and f"{name!r} is one of several" in message
        assert {"leak", "excitatory", "inhibitory", "adaptation"} <= set(derived)
