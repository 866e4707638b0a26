"""What is read off a noisy response: means over windows and weighted fits, each with its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.protocols.response.current_step import Step
from neo_currentscape.protocols.response.noise import Noise, is_noisy, noise_of
from neo_currentscape.protocols.response.traces import FLANK, Trace
from neo_currentscape.protocols.steps.exponentials import Fit
from neo_currentscape.protocols.steps.noisy_fits import DECISIVE, Charging, NoisyFit
from neo_currentscape.protocols.steps.readings import Reading
from neo_currentscape.recording.crossings import THRESHOLD

#: The rest is averaged over the last so many ms, the end of the step over this part of it, as eFEL does.
REST, END = 100.0, 0.1

#: The edges of a step in a noisy recording are left out by so many ms.
GUARD = 0.3

#: A time constant is told to this part of itself: three such errors are a fifth.
TOLD = 0.07

#: A second exponential that lowers Akaike's criterion by more than this may be there.
DOUBTFUL = 4.0

#: Two time constants that differ by less than this part are the same.
ALIKE = 0.15

#: The sag of a smoothed voltage, over so many bins, is none below so many standard errors.
SMOOTHED, EXTREME = 3, 4.5

#: A fit explains at least this part of the squares of a response.
EXPLAINED = 0.6


@dataclass(frozen=True)
class NoisyReading(Reading):
    """What is read off a noisy response; see `Reading`."""

    @cached_property
    def noise(self) -> Noise:
        """The noise around the step."""
        begin, end = undisturbed(self.trace, self.step)
        return noise_of(self.trace.voltage, self.step.rest, self.step.final, begin, end)

    @cached_property
    def _charging(self) -> Charging:
        trace, step = self.trace, self.step
        return Charging.of(trace.times, trace.voltage, self.noise, step.rest, step.final)

    @cached_property
    def single(self) -> NoisyFit:
        """One exponential."""
        return self._charging.fit(1)

    @cached_property
    def double(self) -> NoisyFit:
        """Two exponentials."""
        return self._charging.fit(2)

    @property
    def gain(self) -> float:
        """By how much a second exponential lowers Akaike's criterion."""
        return self.single.aic - self.double.aic

    @cached_property
    def chosen(self) -> NoisyFit:
        """Two exponentials where the second is told for certain, else one."""
        two = self.double
        return two if self.gain > DECISIVE and two.is_clear and not two.has_run_away else self.single

    @property
    def spikes(self) -> bool:
        """Whether the cell spikes under the step."""
        level = float(THRESHOLD.rescale("mV"))
        return bool(self.trace.voltage[self.step.window].max() >= level > self.v_rest)

    @property
    def is_fitted(self) -> bool:
        """Whether the chosen fit describes the response."""
        return not self.spikes and self.chosen.explained >= EXPLAINED

    @cached_property
    def _turn(self) -> float | None:
        """Time since the onset at which the fitted voltage turns back, in ms; None where it does not.

        A fast exponential of the other sign, as that of an electrode, makes it start the wrong way: no sag.
        """
        at = _turn(self.chosen) if self.is_fitted else None
        if at is None:
            return None
        peak, end = self.chosen(np.array([at, self._charging.length]))
        return at if np.sign(self.step.amplitude) * (peak - end) > 0 else None

    @property
    def _is_smoothed(self) -> bool:
        """Whether the peak is that of the smoothed voltage, as what does not fit may turn back too."""
        if not self.is_fitted:
            return True
        beyond = np.sign(self.step.amplitude) * (self._extreme[1] - self.v_final)
        least = 2.0 if self.gain > DECISIVE else EXTREME
        return self._turn is None and bool(beyond > least * self._extreme[2])

    @cached_property
    def _extreme(self) -> tuple[int, float, float]:
        """Sample and value of the extreme of the smoothed voltage, and its error against the end."""
        edges, means = self.noise.edges, self.noise.means(self.trace.voltage)
        inside = np.flatnonzero((edges[:-1] > self.step.rest) & (edges[1:] <= self.step.final + 1))
        span = min(SMOOTHED, len(inside))
        smooth = np.convolve(means[inside], np.ones(span) / span, "valid")
        best = int((np.sign(self.step.amplitude) * smooth).argmax())
        window = slice(int(edges[inside[best]]), int(edges[inside[best + span - 1] + 1]))
        error = self.noise.error((1.0, window), (-1.0, self.final))
        return (window.start + window.stop) // 2, float(smooth[best]), error

    @cached_property
    def peak(self) -> int:
        """The sample at which the fitted (where that does not turn, the smoothed) voltage is farthest."""
        if self._is_smoothed:
            return self._extreme[0]
        if self._turn is None:
            return self.step.final
        return int(np.searchsorted(self.trace.times, self.trace.times[self.step.rest] + self._turn))

    @property
    def v_peak(self) -> float:
        """The fitted (or the smoothed) voltage at the peak; v_final where neither turns back."""
        if self._is_smoothed:
            return self._extreme[1]
        return self.v_final if self._turn is None else float(self.chosen(np.array([self._turn]))[0])

    @cached_property
    def errors(self) -> dict[str, float]:
        """Standard errors by name."""
        end, sag = self.noise.error((1.0, self.final)), self._sag_error
        amplitude = self.step.amplitude
        moved = self.noise.error((1.0, self.final), (-1.0, self.rest))
        of_current = (self.v_final - self.v_rest) / amplitude * self.step.error
        found = {"v_rest": self.noise.error((1.0, self.rest)), "v_final": end}
        found["r_in"] = float(np.hypot(moved, of_current)) / abs(amplitude)
        return {**found, "sag": sag, "sag_norm": sag / max(abs(self.v_peak - self.v_rest), 1e-12)}

    @property
    def _sag_error(self) -> float:
        if self._is_smoothed:
            return self._extreme[2]
        if self._turn is None:
            middle = slice((self.step.rest + self.final.start) // 2, self.final.start)
            return self.noise.error((1.0, middle), (-1.0, self.final))
        length = np.array([self._charging.length])

        def sag(fit: Fit) -> float:
            at = _turn(fit)
            return float(fit(np.array([at]))[0] - fit(length)[0]) if at is not None else 0.0

        return self.chosen.error(sag)

    @property
    def has_sag(self) -> bool:
        """Whether the voltage comes back from its peak by more than two standard errors."""
        return abs(self.v_peak - self.v_final) > 2 * self._sag_error

    def fit_of(self, method: str) -> Fit | None:
        """One exponential for "exp", else the chosen fit."""
        return self.single if method == "exp" else self.chosen

    def _constant(self, method: str, fit: Fit) -> float:
        if method in ("simple", "interpolated"):
            return _reached(fit, self._charging.length)
        return fit.charging if method == "membrane" else fit.slowest

    def tau(self, method: str) -> float:
        """Time constant of a weighted fit.

        Raises
        ------
        SignalError
            When the fit explains nothing, runs away, or does not tell the time constant.
        """
        fit = self.single if method == "exp" else self.chosen
        found = self._constant(method, fit)
        self._refuse(method, fit, found)
        return found

    def tau_error(self, method: str) -> float:
        """Standard error of a time constant."""
        fit = self.single if method == "exp" else self.chosen
        return fit.error(lambda one: self._constant(method, one))

    def rough_tau(self, method: str) -> tuple[float, float] | None:
        """A time constant and its error, however large; None where it is refused for another reason."""
        fit = self.single if method == "exp" else self.chosen
        found = self._constant(method, fit)
        return None if self._why_not(method, fit, found) else (found, self.tau_error(method))

    def _why_not(self, method: str, fit: NoisyFit, found: float) -> str:
        """Why a fit tells no time constant, whatever its error; empty where it does."""
        other = self._constant(method, self.double)
        if self.spikes:
            return "the cell spikes under the step"
        if self._charging.aic_of_none - fit.aic < DECISIVE:
            return "the response does not stand out of the noise"
        if fit.explained < EXPLAINED:
            return f"the fit explains {fit.explained:.0%} of the response only"
        if fit.has_run_away:
            return (
                f"the fitted one is as long as the step ({self._charging.length:.3g} ms), which is a slope"
            )
        doubtful = fit is self.single and self.gain > DOUBTFUL and not self.double.has_run_away
        if method != "exp" and doubtful and abs(other - found) > ALIKE * found:
            return f"one exponential ({found:.3g} ms) and two ({other:.3g} ms) describe it as well"
        return ""

    def _refuse(self, method: str, fit: NoisyFit, found: float) -> None:
        why, mend = self._why_not(method, fit, found), "average sweeps (protocols.passive(block))"
        error = fit.error(lambda one: self._constant(method, one))
        if not why and error > TOLD * found:
            why = f"the noise leaves {found:.3g} ± {error:.2g} ms"
        if why:
            mend = (
                "use a step that does not make it spike" if self.spikes else f"{mend}, or use a larger step"
            )
            raise SignalError(f"The response tells no time constant by {method!r}, as {why}: {mend}.")

    @property
    def remarks(self) -> list[str]:
        """Sentences on how the numbers came about."""
        t = self.trace.times
        spans = [(t[part.start], t[part.stop - 1]) for part in (self.rest, self.final)]
        found = [
            f"v_rest is the mean from {spans[0][0]:g} to {spans[0][1]:g} ms, v_final from "
            f"{spans[1][0]:g} to {spans[1][1]:g} ms; ± are standard errors, from the correlated noise."
        ]
        if self.is_fitted:
            count, why = "two exponentials" if self.chosen is self.double else "one exponential", ""
            if self.chosen is self.single and self.gain > DECISIVE:
                why = ", but has no time constant that can be told"
            found.append(f"tau is that of {count}: a second changes the AIC by {-self.gain:.3g}{why}.")
        if self._is_smoothed:
            found.append("The sag is that of the smoothed voltage.")
        return found


def _turn(fit: Fit) -> float | None:
    """Where the sum of two exponentials has its extreme, in ms; None where it has none."""
    if len(fit.taus) < 2:
        return None
    slopes = fit.amplitudes / fit.taus
    if slopes[0] * slopes[1] >= 0 or abs(slopes[0]) <= abs(slopes[1]) or fit.taus[0] == fit.taus[1]:
        return None
    return float(np.log(-slopes[0] / slopes[1]) / (1 / fit.taus[0] - 1 / fit.taus[1]))


def _reached(fit: Fit, length: float) -> float:
    """When the fit has gone 63.2 % of its way to the end of the step, in ms."""
    t = np.concatenate([[0.0], np.geomspace(length * 1e-5, length, 4000)])
    v = fit(t) - fit.start
    part = v / v[-1]
    wanted = 1 - math.exp(-1)
    at = int(np.argmax(part >= wanted))
    if at == 0:
        return 0.0
    return float(np.interp(wanted, part[at - 1 : at + 1], t[at - 1 : at + 1]))


def reading_of(trace: Trace, step: Step, window: pq.Quantity | None = None) -> Reading:
    """Read a response: sample by sample where it was computed, in means where it was measured.

    Parameters
    ----------
    trace : Trace
    step : Step
    window : Quantity, optional
        Over which v_rest and v_final are averaged; else the last 100 ms before the step, or what there is,
        and the last tenth of the step; a sample where there is no noise.

    Returns
    -------
    Reading
    """
    noisy = trace.is_regular and is_noisy(trace.voltage[: step.final + 1]) and step.rest >= 1
    length = float(trace.times[step.final] - trace.times[step.rest])
    if window is not None:
        given = units.positive(window, "ms", "window=")
        if given > length:
            raise ArgumentError(
                f"window={window} is longer than the step ({length:g} ms): write a shorter one."
            )
        spans = (given, given)
    else:
        spans = (REST, END * length) if noisy else (0.0, 0.0)
    counts = [max(1, round(span / trace.step)) for span in spans]
    begin, guard = 0, 0
    if noisy:
        # An edge is known to a sample or a few, and may have an artefact.
        begin, guard = undisturbed(trace, step)[0], max(1, round(GUARD / trace.step))
        step = replace(step, final=max(step.final - guard, step.rest + 4))
    last = max(step.rest + 1 - guard, begin + 1)
    rest = slice(max(begin, last - counts[0]), last)
    final = slice(max(step.rest + 1, step.final + 1 - counts[1]), step.final + 1)
    return (NoisyReading if noisy else Reading)(trace, step, rest, final)


def undisturbed(trace: Trace, step: Step) -> tuple[int, int]:
    """Samples between which nothing but a step was injected, and what was before it is over.

    Returns
    -------
    begin, end : int
        From halfway between the change of the current before the step and its onset, to the next change.
    """
    edges = [level.start for level in trace.levels[1:]]
    near = round(FLANK / trace.step) + 2
    before = [edge for edge in edges if edge < step.rest - near]
    after = [edge for edge in edges if edge > step.final + near]
    begin = (before[-1] + step.rest) // 2 if before else 0
    return begin, min(after, default=len(trace.times))
