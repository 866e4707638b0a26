"""Fixtures: reports as the specification has them, reports as BMTK writes them, and BMTK itself."""

import numpy as np
import pytest

#: Two nodes: the first with a soma and two elements of a dendrite, the second with one of each.
NODES, POINTERS = [3, 5], [0, 3, 5]
SECTIONS, POSITIONS = [0, 1, 1, 0, 1], [0.5, 0.25, 0.75, 0.5, 0.5]

#: One element a node.
SOMA = {"nodes": [3, 5, 8], "pointers": [0, 1, 2, 3], "sections": [0, 0, 0], "positions": [0.5, 0.5, 0.5]}


@pytest.fixture
def write(tmp_path):
    """A function that writes a report and returns its path and values (time, element)."""
    h5py = pytest.importorskip("h5py")

    def make(
        name,
        bmtk=False,
        units=None,
        nodes=NODES,
        pointers=POINTERS,
        sections=SECTIONS,
        positions=POSITIONS,
        population="net",
        start=0.0,
        step=0.1,
        scale=1.0,
        mode="w",
    ):
        path = tmp_path / name
        values = scale * (np.arange(10 * len(sections)).reshape(10, -1) - 7.5)
        with h5py.File(path, mode) as file:
            file.attrs["magic"] = np.uint32(0x0A7A)
            file.attrs["version"] = np.array([0, 1], dtype=np.uint32)
            group = file.create_group(f"report/{population}")
            mapping = group.create_group("mapping")
            mapping.create_dataset("node_ids", data=np.array(nodes, dtype=np.uint64))
            key = "index_pointer" if bmtk else "index_pointers"
            mapping.create_dataset(key, data=np.array(pointers, dtype=np.uint64))
            mapping.create_dataset("element_ids", data=np.array(sections, dtype=np.uint32))
            if positions is not None:
                mapping.create_dataset("element_pos", data=np.array(positions, dtype=float))
            times = mapping.create_dataset("time", data=[start, start + 10 * step, step])
            data = group.create_dataset("data", data=values.astype(float if bmtk else np.float32))
            if bmtk:
                data.attrs["variable"] = name.split(".")[0]
            else:
                mapping["node_ids"].attrs["sorted"] = np.uint8(1)
                times.attrs["units"] = "ms"
            if units:
                data.attrs["units"] = units
        return path, values

    return make
