"""Tables against brute force, networkx, and bmtool where it is right."""

import numpy as np
import pytest
import quantities as pq

from neo_currentscape import network
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, UnknownNameError

SIZES = {"E": 12, "I": 7, "X": 1}


def random_network(multiple=False, gaps=True, seed=1, sizes=SIZES):
    """Cells in three populations, connected at random; without autapses, as bmtool counts them too."""
    random = np.random.default_rng(seed)
    population = np.repeat(np.arange(len(sizes)), list(sizes.values()))
    n = len(population)
    chance = np.array([[0.3, 0.5, 0.4], [0.6, 0.2, 0.0], [0.1, 0.9, 0.0]])[population][:, population]
    drawn = (random.random((n, n)) < chance) & ~np.eye(n, dtype=bool)
    source, target = np.nonzero(drawn)
    if multiple:
        more = random.integers(0, len(source), 40)
        source, target = np.append(source, source[more]), np.append(target, target[more])
    ids = np.concatenate([np.arange(size) for size in sizes.values()])
    return network.Network(
        list(sizes),
        population,
        ids,
        source,
        target,
        random.random(len(source)) < 0.2 if gaps else None,
        random.uniform(0, 100, (n, 3)),
        {"weight": random.random(len(source))},
    )


@pytest.fixture(params=[False, True], ids=["single", "multiple"])
def net(request):
    return random_network(request.param)


def by_hand(net, source, target, gaps=None):
    """Matrix of numbers of connections of a pair of populations."""
    hit = np.ones(len(net.source), bool) if gaps is None else net.gap == gaps
    whole = np.zeros((len(net.ids), len(net.ids)), int)
    for s, t in zip(net.source[hit], net.target[hit], strict=True):
        whole[s, t] += 1
    return whole[np.ix_(net.cells(source), net.cells(target))], whole[
        np.ix_(net.cells(target), net.cells(source))
    ].T


@pytest.mark.parametrize("gaps", [None, False, True])
def test_every_table_by_hand(net, gaps):
    tables = {name: network.table(net, name, gaps=gaps) for name in network.TABLES}
    for s in net.populations:
        for t in net.populations:
            there, back = by_hand(net, s, t, gaps)
            assert tables["total"][s, t] == there.sum()
            there_, back_ = there > 0, back > 0
            keep = ~np.eye(len(there), dtype=bool) if s == t else np.ones(there.shape, bool)
            possible = keep.sum()
            if not possible:
                assert np.isnan(tables["percent"][s, t]) and np.isnan(tables["probability"][s, t])
                continue
            assert tables["probability"][s, t] == pytest.approx((there_ & keep).sum() / possible)
            half = 2 if s == t else 1
            both, one = (there_ & back_ & keep).sum() / half, (there_ & ~back_ & keep).sum()
            assert tables["percent bi"][s, t] == pytest.approx(100 * both / (possible / half))
            assert tables["percent uni"][s, t] == pytest.approx(100 * one / (possible / half))
            assert tables["percent"][s, t] == pytest.approx(100 * (both + one) / (possible / half))
            for word, counts in (("convergence", there.sum(0)), ("divergence", there.sum(1))):
                assert tables[f"{word} mean"][s, t] == pytest.approx(counts.mean())
                assert tables[f"{word} min"][s, t] == counts.min()
                assert tables[f"{word} max"][s, t] == counts.max()
                spread = counts.std(ddof=1) if len(counts) > 1 else 0
                assert tables[f"{word} std"][s, t] == pytest.approx(spread)
            joined, backwards = by_hand(net, s, t, True)
            assert tables["gap junctions"][s, t] == joined.sum()
            pairs = (((joined + backwards) > 0) & keep).sum() / half
            assert tables["gap junctions percent"][s, t] == pytest.approx(100 * pairs / (possible / half))


def test_networkx_counts_the_same(net):
    networkx = pytest.importorskip("networkx")
    graph = network.to_graph(net)
    assert graph.number_of_edges() == len(net.source) and graph.number_of_nodes() == len(net.ids)
    expected = [graph.in_degree(node) for node in graph]
    assert network.incoming(net).sum(axis=1).tolist() == expected
    mixing = networkx.attribute_mixing_dict(graph, "population")
    for s in net.populations:
        for t in net.populations:
            assert network.table(net, "total")[s, t] == mixing.get(s, {}).get(t, 0)
    simple = networkx.DiGraph(graph)
    inner = simple.subgraph([node for node in simple if node[0] == "E"])
    assert network.table(net, "probability")["E", "E"] == pytest.approx(networkx.density(inner))
    mutual = networkx.overall_reciprocity(inner) * inner.number_of_edges() / 2
    assert network.table(net, "percent bi")["E", "E"] == pytest.approx(100 * mutual / (12 * 11 / 2))
    attributes = graph.nodes["I", 3]
    assert attributes["pos"] == tuple(net.positions[net.cells("I")[3]]) and attributes["population"] == "I"
    edge = next(iter(graph.edges(data=True)))[2]
    assert set(edge) == {"gap", "weight"}


def bmtool_frames(net):
    pandas = pytest.importorskip("pandas")
    nodes = pandas.DataFrame({"pop_name": [net.populations[p] for p in net.population]})
    edges = pandas.DataFrame(
        {"source_node_id": net.source, "target_node_id": net.target, "is_gap_junction": net.gap}
    )
    return {"nodes": {"net": nodes}, "edges": {"net_to_net": edges}}


def bmtool_table(function, net, **options):
    util = pytest.importorskip("bmtool.util.util", exc_type=ImportError)
    place = {"sources": ["net"], "targets": ["net"], "sids": ["pop_name"], "tids": ["pop_name"]}
    _, values, rows, columns = getattr(util, function)(
        **bmtool_frames(net), **place, prepend_pop=False, **options
    )
    assert list(rows) == list(columns) == net.populations
    return np.asarray(values, dtype=float)


#: bmtool divides by no pair within a population of one cell.
TWO = {"E": 12, "I": 7}


@pytest.fixture
def pair():
    return random_network(sizes=TWO)


@pytest.mark.bmtool
@pytest.mark.parametrize("include_gap", [True, False])
def test_totals_and_percent_of_bmtool(pair, include_gap):
    gaps = None if include_gap else False
    theirs = bmtool_table("connection_totals", pair, include_gap=include_gap)
    assert network.table(pair, "total", gaps=gaps).values == pytest.approx(theirs)
    if include_gap:  # without, bmtool leaves the gap junctions among the connections back
        for method, name in (("total", "percent"), ("uni", "percent uni"), ("bi", "percent bi")):
            theirs = bmtool_table("percent_connections", pair, method=method)
            ours = network.table(pair, name).values
            # bmtool counts one way only between two populations as what is left of all connections.
            same = np.eye(2, dtype=bool) if method == "total" else np.ones((2, 2), bool)
            assert ours[same] == pytest.approx(theirs[same], abs=0.0051), method
            if method == "total":
                assert ours == pytest.approx(theirs, abs=0.0051)


@pytest.mark.bmtool
@pytest.mark.parametrize("convergence", [True, False])
@pytest.mark.parametrize("method", ["mean", "std", "min", "max"])
def test_convergence_and_divergence_of_bmtool(pair, convergence, method):
    theirs = bmtool_table("connection_divergence", pair, convergence=convergence, method=method)
    name = f"{'convergence' if convergence else 'divergence'} {method}"
    assert network.table(pair, name, connected=True).values == pytest.approx(theirs, abs=0.0051)


@pytest.mark.bmtool
def test_bmtool_leaves_cells_without_connection_out():
    net = network.Network(["E", "I"], [0, 0, 1, 1], [0, 1, 0, 1], [0, 1], [2, 2])
    theirs = bmtool_table("connection_divergence", net, convergence=True, method="mean")
    assert theirs[0, 1] == 2 and network.table(net, "convergence mean")["E", "I"] == 1
    assert network.table(net, "convergence min")["E", "I"] == 0


@pytest.mark.bmtool
def test_bmtool_takes_two_of_one_direction_for_both_directions():
    net = network.Network(["E"], [0, 0, 0], [0, 1, 2], [0, 0], [1, 1])
    assert bmtool_table("percent_connections", net, method="bi")[0, 0] == pytest.approx(33.33)
    assert network.table(net, "percent bi")["E", "E"] == 0
    assert network.table(net, "percent uni")["E", "E"] == pytest.approx(100 / 3)


@pytest.mark.bmtool
def test_bmtool_doubles_the_percent_of_gap_junctions():
    net = network.Network(["E", "I"], [0, 0, 1, 1], [0, 1, 0, 1], [0], [2], [True])
    theirs = bmtool_table("gap_junction_connections", net, method="percent")
    assert theirs[0, 1] == 50 and network.table(net, "gap junctions percent")["E", "I"] == 25


def test_probability_by_distance(net):
    edges, found = network.probability_by_distance(net, "E", "I", bins=5, dimensions="xy")
    there, _ = by_hand(net, "E", "I")
    apart = np.linalg.norm(
        net.positions[net.cells("E")][:, None, :2] - net.positions[net.cells("I")][None, :, :2], axis=2
    )
    assert edges.dimensionality == pq.um.dimensionality and float(edges[-1]) == pytest.approx(apart.max())
    for low, high, value in zip(edges.magnitude[:-1], edges.magnitude[1:], found, strict=True):
        inside = (apart >= low) & ((apart < high) | (high == edges.magnitude[-1]))
        assert value == pytest.approx((there > 0)[inside].mean())
    assert np.isnan(network.probability_by_distance(net, "X", "X", bins=2)[1]).all()


def test_csv_and_dataframe(net, tmp_path):
    pandas = pytest.importorskip("pandas")
    table = network.table(net, "divergence mean")
    table.to_csv(tmp_path / "t.csv")
    read = pandas.read_csv(tmp_path / "t.csv", index_col=0)
    assert read.to_numpy() == pytest.approx(table.values) and list(read.columns) == net.populations
    assert table.to_dataframe().loc["E", "I"] == table["E", "I"]
    network.incoming_csv(net, tmp_path / "in.csv")
    read = pandas.read_csv(tmp_path / "in.csv")
    assert read["from E"].sum() == network.table(net, "total").values[0].sum()
    assert "convergence" not in str(table) and "divergence mean" in str(table)


def test_what_is_wrong_is_named(net):
    with pytest.raises(UnknownNameError, match="did you mean 'total'"):
        network.table(net, "totl")
    with pytest.raises(UnknownNameError, match="Unknown population 'Q'"):
        network.table(net, "total")["Q", "E"]
    with pytest.raises(ArgumentError, match="there are 2 cells"):
        network.Network(["E"], [0, 0], [0, 1], [0], [5])
    with pytest.raises(ArgumentError, match="target has 2 values, and 1"):
        network.Network(["E"], [0, 0], [0, 1], [0], [1, 0])
    bare = network.Network(["E"], [0, 0], [0, 1], [0], [1])
    with pytest.raises(SelectionError, match="no positions"):
        network.probability_by_distance(bare, "E", "E")
    with pytest.raises(ArgumentError, match="dimensions='w'"):
        network.probability_by_distance(net, "E", "E", dimensions="w")
