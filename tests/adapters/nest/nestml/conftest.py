"""Models of NESTML integrated in Python, by nothing that the adapter uses.

NESTML is nearly Python: its text is translated line by line and executed, and SciPy integrates it between
the steps at whose ends spikes arrive. What a multimeter would record comes back as events.
"""

from __future__ import annotations

import importlib.util
import math
import re
from pathlib import Path

import numpy as np
import pytest

UNITS = {
    "mV": 1.0, "V": 1e3, "ms": 1.0, "s": 1e3, "nS": 1.0, "uS": 1e3, "S": 1e9, "pA": 1.0, "nA": 1e3,
    "pF": 1.0, "nF": 1e3, "F": 1e12, "GOhm": 1.0, "Bq": 1e-3, "mmol": 1.0,
}  # fmt: skip
MATHS = {
    "exp": lambda x: math.exp(min(x, 700.0)), "ln": math.log, "log10": math.log10, "min": min, "max": max,
    "abs": abs, "e": math.e, "inf": math.inf, "true": True, "false": False, "real": float,
}  # fmt: skip
DECLARED = re.compile(r"^(?:recordable )?(?:inline )?([\w$', ]+?) +(?:[\w/*()]+) *= *(.+)$")

#: ``condition ? one : other``, and a number with its unit.
CHOICE = re.compile(r"\(?([^()?]+(?:\([^()]*\)[^()?]*)*)\)?\s*\?\s*(.+?)\s*:\s*(.+)$")
NUMBER = re.compile(
    rf"(?<![\w.])(\d[\d.]*(?:[eE][-+]?\d+)?|\.\d+) *((?:{'|'.join(UNITS)})\b(?:\*\*-?\d+)?)"
)


def python(text):
    """An expression or statement of NESTML in Python."""
    text = CHOICE.sub(r"(\2) if (\1) else (\3)", text)
    text = NUMBER.sub(r"(\1*\2)", text)
    text = re.sub(r"convolve\((\w+\$?), *(\w+)\)", r"\1__X__\2", text).replace("$", "__DOLLAR")
    return re.sub(r"(\w)('+)", lambda m: m[1] + "__d" * len(m[2]), text).rstrip("; ")


def blocks_of(text):
    """The blocks of a model: name (with its argument) -> lines with their indentation."""
    text = re.sub(r'"""[\s\S]*?"""', "", text)
    lines = [line.split("#")[0].rstrip().expandtabs(4) for line in text.splitlines()]
    lines = [line for line in lines if line.strip()]
    at = next(k for k, line in enumerate(lines) if line.startswith("model "))
    found, indent = {}, None
    for line in lines[at + 1 :]:
        indent = len(line) - len(line.lstrip()) if indent is None else indent
        if len(line) - len(line.lstrip()) == indent:
            name = line.strip().rstrip(":")
            found[name] = []
        else:
            found[name].append(line)
    return {name: _dedented(body) for name, body in found.items()}


def _dedented(body):
    least = min((len(line) - len(line.lstrip()) for line in body), default=0)
    joined = "\n".join(line[least:] for line in body)
    return re.sub(r",\n\s+", ", ", joined).splitlines()


class Written:
    """A model that can be run.

    Parameters
    ----------
    text : str
    parameters : dict
        In place of those of the text.
    """

    def __init__(self, text, **parameters):
        self.blocks = blocks_of(text)
        self.space = {**UNITS, **MATHS, "steps": lambda t: round(t / self.step)}
        self.space.update(dict.fromkeys(("resolution", "timestep"), lambda: self.step))
        self.space["random_normal"] = lambda mean, width: 0.0
        self.inlines, self.rates, self.kernels, self.states, self.step = {}, {}, {}, [], 0.1
        self._functions()
        self.space.update({port.split()[0]: 0.0 for port in self.blocks["input"]})
        self._equations()
        waiting = [*self._declared("parameters"), *self._declared("internals"), *self._declared("state")]
        self.states = [name for name, _ in self._declared("state")]
        self._declare(waiting, parameters)
        names = [n for n in self.states if n in self.rates]
        self.order = names

    def _functions(self):
        for head, body in self.blocks.items():
            if head.startswith("function "):
                name, arguments = re.match(r"function (\w+)\((.*)\)", head).groups()
                names = ", ".join(a.split()[0] for a in arguments.split(","))
                inside = [re.sub(r"^(\s*)(\w+) [\w/]+ = ", r"\1\2 = ", line) for line in body]
                code = f"def {name}({names}):\n" + "\n".join("    " + python(line) for line in inside)
                exec(code, self.space)

    def _declared(self, block):
        for line in self.blocks.get(block, ()):
            names, value = DECLARED.match(re.sub(r"\[\[.*\]\]", "", line)).groups()
            for name in names.split(","):
                yield python(name.strip()), python(value)

    def _declare(self, waiting, parameters):
        # Parameters may be made of those that stand further down.
        for _ in range(10):
            left = []
            for name, value in waiting:
                try:
                    self.space[name] = parameters[name] if name in parameters else eval(value, self.space)
                except NameError:
                    left.append((name, value))
            waiting = left
        assert not waiting, waiting

    def _equations(self):
        for line in self.blocks["equations"]:
            if line.startswith("kernel"):
                for part in re.split(r",\s*(?=[\w$]+'? *=)", line[len("kernel ") :]):
                    name, value = part.split("=", 1)
                    self.kernels[name.strip()] = python(value.strip())
            elif re.match(r"^[\w$]+'+ *=", line):
                name, value = line.split("=", 1)
                name = python(name.strip())
                self.rates[name[: -len("__d")]] = compile(python(value.strip()), name, "eval")
                if "__d__d" in name:
                    self.rates[name[: -len("__d__d")]] = compile(name[: -len("__d")], name, "eval")
            else:
                name, value = DECLARED.match(line).groups()
                self.inlines[name.strip()] = compile(python(value), name, "eval")

    def _bring_in(self, port_kernels):
        """Make states of the kernels that are equations."""
        for name, value in self.kernels.items():
            if name.endswith("'"):
                plain, port = python(name[:-1]), port_kernels[python(name[:-1]).removesuffix("__DOLLAR")]
                inside = re.sub(r"\b([A-Za-z]\w*)", lambda m, p=port: self._with_port(m[1], p), value)
                own = f"{plain}__X__{port}"
                self.space[f"{own} begins"] = self.space[plain]
                self.space[own] = 0.0
                self.rates[own] = compile(inside, own, "eval")
                self.order.append(own)

    def _with_port(self, name, port):
        return f"{name}__X__{port}" if any(python(k.rstrip("'")) == name for k in self.kernels) else name

    def run(self, duration, spikes=None, current=None, step=0.1):
        """Integrate; `spikes` holds (time, weight) by port, `current` is a function of the time."""
        from scipy.integrate import solve_ivp

        self.step, space, spikes = step, self.space, spikes or {}
        equations = "\n".join(self.blocks["equations"])
        pairs = set(re.findall(r"convolve\(([\w$]+), *(\w+)\)", equations))
        self._bring_in({python(kernel).removesuffix("__DOLLAR"): port for kernel, port in pairs})
        functions = {
            k: compile(v, k, "eval")
            for k, v in self.kernels.items()
            if not k.endswith("'") and "delta(" not in v
        }
        convolutions = [(f"{k}__X__{p}", k, spikes.get(p, ())) for k, p in pairs if k in functions]
        inputs = [line.split()[0] for line in self.blocks["input"] if "continuous" in line]
        update = compile(self._statements("update"), "update", "exec")
        conditions = [
            (compile(python(head[len("onCondition(") : -1]), head, "eval"), self._code(body, head))
            for head, body in self.blocks.items()
            if head.startswith("onCondition")
        ]
        receive = {
            re.match(r"onReceive\((\w+)", head)[1]: self._code(body, head)
            for head, body in self.blocks.items() if head.startswith("onReceive")
        }  # fmt: skip
        self.inline_order = list(self.inlines)

        def convolved(name, kernel, arrived, t):
            total = 0.0
            for at, weight in arrived:
                if t >= at - 1e-9:
                    space["t"] = max(t - at, 0.0)
                    total += weight * eval(functions[kernel], space)
            space[name] = total

        def derivative(t, y, moved):
            space.update(zip(moved, y, strict=True))
            for entry in convolutions:
                convolved(*entry, t)
            self._inline()
            return [eval(self.rates[name], space) for name in moved]

        def integrate_odes(*names):
            keep = [n for n in self.order if "__X__" in n]
            moved = [n for n in self.order if not names or n.split("__d")[0] in names]
            moved = [n for n in moved if n not in keep] + keep
            begin = [space[name] for name in moved]
            end = solve_ivp(
                derivative, (self.now, self.now + step), begin, args=(moved,), method="LSODA",
                rtol=1e-9, atol=1e-10,
            )  # fmt: skip
            space.update(zip(moved, end.y[:, -1].tolist(), strict=True))

        self.fired, rows = [], []
        space.update(integrate_odes=integrate_odes, emit_spike=lambda: self.fired.append(self.now))
        deltas = {k for k, v in self.kernels.items() if "delta(" in v}
        space.update({f"{k}__X__{p}": 0.0 for k, p in pairs if k in deltas})
        for at in range(round(duration / step)):
            self.now = at * step
            space.update({name: (current or (lambda t: 0.0))(self.now) for name in inputs})

            exec(update, space)
            self._arrive(spikes, receive, pairs, self.now + step)
            for condition, then in conditions:
                if eval(condition, space):
                    exec(then, space)
            for entry in convolutions:
                convolved(*entry, self.now + step)
            self._inline()
            rows.append({n: space[n] for n in self._recorded(convolutions)})
        events = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
        n = len(rows)
        return {"senders": np.full(n, 1), "times": step * np.arange(1, n + 1), **events}

    def _recorded(self, convolutions):
        kept = [n for n in self.states if not isinstance(self.space[n], (bool, str))]
        kept += [n for n in self.order if "__X__" in n]
        kept += [name for name, *_ in convolutions]
        kept += re.findall(r"^recordable inline (\w+)", "\n".join(self.blocks["equations"]), re.M)
        hidden = [
            n for line in self.blocks["state"] if re.search(r" (integer|boolean|string) *=", line)
            for n in [python(line.split()[0].rstrip(","))]
        ]  # fmt: skip
        kernels = {python(k.rstrip("'")) for k in self.kernels}
        return [n for n in dict.fromkeys(kept) if n not in hidden and n not in kernels]

    def _inline(self):
        for name in self.inline_order:
            self.space[name] = eval(self.inlines[name], self.space)

    def _arrive(self, spikes, receive, pairs, now):
        for port, arrived in spikes.items():
            weight = sum(w for at, w in arrived if abs(at - now) < 1e-6)
            if not weight:
                continue
            for kernel, other in pairs:
                for name in [n for n in self.order if n.endswith(f"__X__{port}") and other == port]:
                    if python(kernel) == name.partition("__X__")[0].removesuffix("__DOLLAR"):
                        self.space[name] += weight * self.space[f"{name} begins"]
                if (
                    "delta(" in self.kernels.get(kernel, "")
                    and other == port
                    and self.space.get("refr_t", 0.0) <= 0
                ):
                    self.space["V_m"] += weight
            if port in receive:
                self.space[port] = weight / UNITS["s"]
                exec(receive[port], self.space)
                self.space[port] = 0.0

    def _statements(self, block):
        return "\n".join(_untyped(python(line)) for line in self.blocks[block]) or "pass"

    def _code(self, body, head):
        return compile("\n".join(_untyped(python(line)) for line in body), head, "exec")


def _untyped(line):
    # integrate_odes takes names.
    line = re.sub(r"(integrate_odes)\((.*)\)", lambda m: f"{m[1]}({_quoted(m[2])})", line)
    return re.sub(r"^(\s*)(\w+) (?:real|mV|uS|ms|pA|nS) = ", r"\1\2 = ", line)


def _quoted(names):
    return ", ".join(repr(name.strip()) for name in names.split(",") if name.strip())


@pytest.fixture(scope="session")
def written():
    """written(text, **parameters) -> a model that can be run."""
    pytest.importorskip("scipy")
    return Written


@pytest.fixture(scope="session")
def texts():
    """The models of `texts.py`."""
    path = Path(__file__).with_name("texts.py")
    spec = importlib.util.spec_from_file_location("texts_of_nestml", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
