"""The public names, each with its module: what `__init__.py` loads and type checkers read."""

from . import adapters as adapters
from . import compat as compat
from . import experiments as experiments
from . import extracellular as extracellular
from . import models as models
from . import network as network
from . import protocols as protocols
from . import spatial as spatial
from . import synaptic as synaptic
from .analysis.currentscape import Currentscape as Currentscape
from .compat.call import plot as plot
from .compat.call import plot_currentscape as plot_currentscape
from .conservation.balance import Balance as Balance
from .conservation.balance import balance as balance
from .conventions.errors import CurrentscapeError as CurrentscapeError
from .conventions.errors import CurrentscapeWarning as CurrentscapeWarning
from .experiments.average import Average as Average
from .experiments.comparison import Comparison as Comparison
from .experiments.comparison import compare as compare
from .experiments.distances import Distances as Distances
from .experiments.distances import distances as distances
from .experiments.distribution import Distribution as Distribution
from .experiments.distribution import distribution as distribution
from .experiments.dominant import dominant as dominant
from .experiments.events import event_average as event_average
from .experiments.perturbation import Perturbation as Perturbation
from .experiments.perturbation import perturbation as perturbation
from .experiments.phase import detect_bursts as detect_bursts
from .experiments.phase import phase_average as phase_average
from .experiments.spike_detection import detect_spikes as detect_spikes
from .experiments.spike_phases import SpikePhases as SpikePhases
from .experiments.spike_phases import spike_phases as spike_phases
from .experiments.sweep import Sweep as Sweep
from .experiments.sweep import sweep as sweep
from .figure.figure import Figure as Figure
from .panels.contributions import ContributionsPanel as ContributionsPanel
from .panels.currents import CurrentsPanel as CurrentsPanel
from .panels.experiments.average import AveragePanel as AveragePanel
from .panels.experiments.average import AverageSharesPanel as AverageSharesPanel
from .panels.experiments.average import AverageTotalPanel as AverageTotalPanel
from .panels.experiments.average import AverageVoltagePanel as AverageVoltagePanel
from .panels.experiments.comparison import ChangesPanel as ChangesPanel
from .panels.experiments.comparison import ComparedVoltagePanel as ComparedVoltagePanel
from .panels.experiments.comparison import DifferencePanel as DifferencePanel
from .panels.experiments.distances import DistancesPanel as DistancesPanel
from .panels.experiments.dominant import DominantPanel as DominantPanel
from .panels.experiments.excitation import (
    ExcitationInhibitionNeuronsPanel as ExcitationInhibitionNeuronsPanel,
)
from .panels.experiments.excitation import ExcitationInhibitionPanel as ExcitationInhibitionPanel
from .panels.experiments.multiples import MultiplesPanel as MultiplesPanel
from .panels.experiments.perturbation import ShareDistributionsPanel as ShareDistributionsPanel
from .panels.experiments.perturbation import VoltageDistributionPanel as VoltageDistributionPanel
from .panels.experiments.spike_phases import SpikePhasesPanel as SpikePhasesPanel
from .panels.experiments.sweep import SweepPanel as SweepPanel
from .panels.ions import ElectrodePanel as ElectrodePanel
from .panels.ions import IonsPanel as IonsPanel
from .panels.population import PopulationCurrentsPanel as PopulationCurrentsPanel
from .panels.population import PopulationPanel as PopulationPanel
from .panels.residual import ResidualPanel as ResidualPanel
from .panels.shares import SharesPanel as SharesPanel
from .panels.spatial.extended import AttributionPanel as AttributionPanel
from .panels.spatial.field import ContactsPanel as ContactsPanel
from .panels.spatial.field import FieldPanel as FieldPanel
from .panels.spatial.field import FieldSharesPanel as FieldSharesPanel
from .panels.spatial.tree import TreePanel as TreePanel
from .panels.total import TotalPanel as TotalPanel
from .panels.voltage import VoltagePanel as VoltagePanel
from .recording.lazy.files import read_lazy as read_lazy
from .recording.recording import Recording as Recording
from .spatial.cell_recording import CellRecording as CellRecording
from .style.theme import theme as theme
from .summary import Summary as Summary
from .summary import summarise as summarise
from .synaptic.call import excitation_inhibition as excitation_inhibition
from .synaptic.result import ExcitationInhibition as ExcitationInhibition

__version__: str
__all__: list[str]
