"""The stomatogastric neuron of Liu et al. (1998) and Alonso & Marder (2019), simulated and perturbed."""

from neo_currentscape.models.stg.clamp import clamp as clamp
from neo_currentscape.models.stg.parameters import CURRENTS as CURRENTS
from neo_currentscape.models.stg.parameters import MODELS as MODELS
from neo_currentscape.models.stg.parameters import Parameters as Parameters
from neo_currentscape.models.stg.perturb import perturb as perturb
from neo_currentscape.models.stg.simulation import simulate as simulate
