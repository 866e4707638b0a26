"""Floor 1: networks: who is connected to whom, who spikes when, from PyNN, SONATA and Neo.

A thin part beside the currentscapes. `from_pynn` and `from_sonata` give a `Network`; `table` gives what
there is between each pair of populations; `rates` and `spikes_from_sonata` are about spikes; `to_graph`
and `incoming_csv` hand the network on.
"""

from neo_currentscape.network.distance import probability_by_distance
from neo_currentscape.network.export import incoming, incoming_csv, to_graph
from neo_currentscape.network.model import Network
from neo_currentscape.network.pynn import from_pynn
from neo_currentscape.network.sonata import from_sonata
from neo_currentscape.network.spike_trains import Spikes, rates, spikes_from_sonata, spikes_of
from neo_currentscape.network.tables import TABLES, PairTable, connections_per_cell, table

__all__ = [
    "TABLES",
    "Network",
    "PairTable",
    "Spikes",
    "connections_per_cell",
    "from_pynn",
    "from_sonata",
    "incoming",
    "incoming_csv",
    "probability_by_distance",
    "rates",
    "spikes_from_sonata",
    "spikes_of",
    "table",
    "to_graph",
]
