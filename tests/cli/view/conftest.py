"""A file of which every number is known, and the command that serves it."""

import os
import signal
import subprocess
import sys

import neo
import numpy as np
import pytest
import quantities as pq

NASTY = '<img src=x onerror="document.title=1">'

#: Values in nA, outward positive, of neuron 0 in the soma; 7 has ten times, the dendrite twice as much.
VALUES = {"K": 3.0, "Na": -2.0, "leak": 1.0, NASTY: 0.5, "$$x^2$$": 0.5}

N = 20_000


def segment(name, factor):
    found = neo.Segment(name=name)
    sampled = {"sampling_period": 0.1 * pq.ms, "array_annotations": {"channel_index": [0, 7]}}
    for site, times in (("soma", 1), ("dend", 2)):
        for current, value in VALUES.items():
            numbers = np.tile([value, 10 * value], (N, 1)) * times * factor
            numbers[N // 2 :] *= 2.0  # twice as much in the second half
            signal = neo.AnalogSignal(numbers, units="nA", name=f"{site}.{current}", **sampled)
            signal.annotate(role="current", positive="outward", site=site)
            found.analogsignals.append(signal)
        voltage = neo.AnalogSignal(np.full((N, 2), -61.0), units="mV", name=f"{site}.v", **sampled)
        voltage.annotate(role="voltage", site=site)
        found.analogsignals.append(voltage)
        for ion, level in (("ki", 140.0), ("cai", 2.0)):
            held = neo.AnalogSignal(np.full((N, 2), level), units="mM", name=f"{site}.{ion}", **sampled)
            held.annotate(role="ion", site=site)
            found.analogsignals.append(held)
        injected = neo.AnalogSignal(np.full((N, 2), 0.1), units="nA", name=f"{site}.clamp", **sampled)
        injected.annotate(role="electrode", site=site)
        found.analogsignals.append(injected)
    return found


@pytest.fixture(scope="session")
def path(tmp_path_factory):
    block = neo.Block()
    block.segments += [segment("first", 1.0), segment(NASTY, 5.0)]
    path = tmp_path_factory.mktemp("view") / "two.nix"
    with neo.NixIO(str(path), "ow") as file:
        file.write_block(block)
    return path


def command(path, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "neo_currentscape", "view", str(path), "--no-browser", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MPLBACKEND": "agg"},
        # Where the tests run in the background, interrupts are ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.fixture(scope="session")
def served(path):
    """The address of the page."""
    process = command(path, "--site", "soma")
    address = process.stdout.readline().strip()
    if not address:
        raise AssertionError(process.stderr.read())
    yield address
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)


@pytest.fixture
def start():
    """Start the command with options."""
    started = []

    def start(*given):
        started.append(command(*given))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
