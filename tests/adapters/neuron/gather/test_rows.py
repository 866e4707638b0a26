"""Rows that came one at a time are read as columns, from the disk and from memory."""

import numpy as np
import pytest

from neo_currentscape.adapters.neuron.gather import rows
from neo_currentscape.conventions.errors import FileError


def filled(folder, values):
    found = rows.Rows(values.shape[1], folder)
    for row in values:
        found.buffer[found.at] = row
        found.advance()
    return found


@pytest.fixture
def small(monkeypatch):
    """A few rows in memory."""
    monkeypatch.setattr(rows, "BUFFER_BYTES", 1)


@pytest.mark.parametrize("n_rows", [1, 2, 16, 17, 18, 33, 700])
@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_all_rows_come_back_in_order(small, tmp_path, n_rows, at_once):
    values = np.random.default_rng(n_rows).random((n_rows, 11))
    found = filled(tmp_path, values)
    assert len(found) == n_rows
    for _ in range(2):
        chunks = [chunk.copy() for chunk in found.chunks(at_once)]
        for chunk in chunks:
            np.testing.assert_array_equal(chunk[:, 0], chunk[:, 1])
        np.testing.assert_array_equal(np.hstack([chunk[:, 1:] for chunk in chunks]).T, values)
    assert not list(tmp_path.iterdir())


def test_the_newest_row_may_still_change(small, tmp_path):
    values = np.arange(60.0).reshape(30, 2)
    found = rows.Rows(2, tmp_path)
    for row in values:
        found.buffer[found.at, 0] = row[0]
        found.advance()
        found.buffer[found.at - 1, 1] = row[1]
    (chunk,) = found.chunks(100)
    np.testing.assert_array_equal(chunk[:, 1:].T, values)


def test_what_was_cleared_is_gone(small, tmp_path):
    found = filled(tmp_path, np.zeros((50, 3)))
    found.clear()
    assert len(found) == 0
    found.buffer[found.at] = 1.0
    found.advance()
    (chunk,) = found.chunks(10)
    assert chunk.tolist() == [[1.0, 1.0]] * 3


def test_a_folder_that_went_is_said_when_rows_are_read(small, tmp_path):
    found = filled(tmp_path / "none", np.zeros((50, 3)))
    with pytest.raises(FileError, match="could not be kept in '.*none'.*make room there"):
        list(found.chunks(10))
