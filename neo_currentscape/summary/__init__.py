"""Floor 7: many neurons, sites, segments or files in one table, and the population's shares over time.

`summarise` (call) cuts its `sources` into `jobs` of some `recorded_sites` each, which a `pool` of
workers, given what is in memory by `shared` files, does by `work`: `measures` of every neuron, summed to
a `population`. Of all parts, `table` and `result` make the Summary.
"""

from neo_currentscape.summary.call import summarise as summarise
from neo_currentscape.summary.jobs import Failure as Failure
from neo_currentscape.summary.result import Summary as Summary
