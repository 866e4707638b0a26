"""Runs each script of the gallery in a fresh process, two at a time, in the environment that it needs.

Simulators keep their state in a process, and some cannot stand beside others. So sphinx-gallery, which runs
scripts in its own process, is handed what other processes printed and drew. Settings:

``gallery_environments``
    For the name of a script, the folder of an environment, beside the folder of the documentation.
``gallery_whole``
    A script whose environment or package is not installed is an error. Otherwise its page says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from textwrap import indent
from time import perf_counter
from typing import Any

import gallery_names
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx_gallery import gen_rst, py_source_parser
from sphinx_gallery.scrapers import figure_rst
from sphinx_gallery.utils import get_md5sum

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: How many scripts run at once.
N_PROCESSES = 2
#: Seconds after which a script is given up: many times what any takes, as machines are slow or busy.
PATIENCE = 3600
#: Escapes by which terminals are told of colours.
ANSI = re.compile(r"\x1B(?:[@-Z\\-_]|\[[0-?]*[ -/]*[@-~])")

NOT_RUN = """
.. note::

   Without pictures: this script was not run when these pages were built, as ``{missing}`` was not
   installed. It runs where that is.

"""


class Runner:
    """Runs scripts ahead, and gives sphinx-gallery what came of each.

    Parameters
    ----------
    app
        The running Sphinx.
    """

    def __init__(self, app: Sphinx) -> None:
        self.environments: dict[str, str] = app.config.gallery_environments
        self.whole: bool = app.config.gallery_whole
        self.source = Path(app.srcdir)
        self.pool = ThreadPoolExecutor(N_PROCESSES)
        self.runs: dict[str, Future[tuple[dict[str, Any], float]]] = {}
        self.running: set[subprocess.Popen[str]] = set()

    def start(self, gallery: dict[str, Any]) -> None:
        """Begin to run what sphinx-gallery will ask for: scripts that it has not shown as they are now.

        The longest begin, so that no process waits for them at the end.
        """
        folder, pages = (self.source / gallery[name] for name in ("examples_dirs", "gallery_dirs"))
        for file in sorted(folder.glob("*.py"), key=lambda file: -file.stat().st_size):
            seen = pages / f"{file.name}.md5"
            shown = seen.exists() and seen.read_text() == get_md5sum(file, mode="t")
            if gen_rst.executable_script(str(file), gallery) and not shown:
                blocks = py_source_parser.split_code_and_text_blocks(str(file))[1]
                images = pages / "images" / f"sphx_glr_{file.stem}_{{0:03}}.png"
                self.runs[os.path.normpath(file)] = self.pool.submit(self._run, file, blocks, images)

    def execute_script(
        self,
        script_blocks: list[Any],
        script_vars: dict[str, Any],
        gallery_conf: dict[str, Any],
        file_conf: dict[str, Any],
    ) -> tuple[list[str], float]:
        """Tell what each block of a script printed and drew, in place of sphinx-gallery's function."""
        file = script_vars["src_file"]
        script_vars |= {"memory_delta": 0.0, "example_globals": {}}
        if not script_vars["execute_script"]:
            return [""] * len(script_blocks), 0.0
        try:
            result, seconds = self.runs[file].result()
        except BaseException:  # the build is interrupted
            self.stop()
            raise
        logger.info("%s ran in %.1f s", Path(file).name, seconds)
        script_vars["example_globals"] = gallery_names.variables(result.get("known", {}))
        outputs = self._outputs(result, script_blocks, script_vars, gallery_conf["src_dir"])
        if result.get("panels"):
            script_blocks.append(_named(result["panels"], script_blocks[-1].lineno))
            outputs.append("")
        if "failed" not in result:
            target = script_vars["target_file"]
            Path(f"{target}.md5").write_text(get_md5sum(target, mode="t"))
            script_vars["passing"] = True
        return outputs, seconds

    def stop(self) -> None:
        """End what is running, with the processes that scripts began, and begin no other."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        for process in list(self.running):
            _end(process)

    def _outputs(
        self, result: dict[str, Any], blocks: list[Any], script_vars: dict[str, Any], source: str
    ) -> list[str]:
        """For each block the reStructuredText of its figures and of what it printed."""
        done = iter(result["blocks"])
        last = self._told(result, script_vars) if "failed" in result else ""
        outputs = []
        for block in blocks:
            ran = next(done, None) if block.type == "code" else {}
            if ran:
                for image in ran["images"]:
                    assert next(script_vars["image_path_iterator"]) == image
                outputs.append(f"\n{figure_rst(ran['images'], source)}\n\n{_printed(ran['output'])}\n\n")
            else:
                # The error stands below the first block that did not run.
                outputs.append(last if ran is None else "")
                last = last if ran is not None else ""
        return outputs

    def _told(self, result: dict[str, Any], script_vars: dict[str, Any]) -> str:
        """Tell of a script that failed, or only lacks what it needs."""
        script_vars["execute_script"] = False
        file, missing = Path(script_vars["src_file"]).name, result.get("missing")
        if missing and not missing.startswith("neo_currentscape") and not self.whole:
            logger.info("%s was not run: %s is not installed", file, missing)
            return NOT_RUN.format(missing=missing)
        script_vars["formatted_exception"] = result["failed"]
        kind = {"type": "sphinx_gallery", "subtype": "example_error"}
        logger.warning("%s failed:\n%s", file, result["failed"], **kind)
        return gen_rst.codestr2rst(result["failed"], lang="pytb")

    def _run(self, file: Path, blocks: list[Any], images: Path) -> tuple[dict[str, Any], float]:
        """Run a script in a process and a folder of its own; what came of it, and its seconds."""
        images.parent.mkdir(parents=True, exist_ok=True)
        code = [(block.lineno, block.content) for block in blocks if block.type == "code"]
        names = gallery_names.names_in("\n".join(text for _, text in code))
        request = {"file": os.path.normpath(file), "blocks": code, "images": str(images), "names": names}
        start = perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in ("request.json", "result.json")]
            paths[0].write_text(json.dumps(request), encoding="utf-8")
            command = [self._python(file.stem), str(HERE / "gallery_script.py"), *map(str, paths)]
            result = self._result(command, Path(folder), paths[1])
        return result, perf_counter() - start

    def _python(self, name: str) -> str:
        """The interpreter of a script: that of its environment, or else the one that runs this."""
        other = ROOT / self.environments.get(name, "-") / "bin" / "python"
        return str(other) if other.exists() else sys.executable

    def _result(self, command: list[str], folder: Path, kept: Path) -> dict[str, Any]:
        # Tools such as nrnivmodl stand beside the interpreter; what a script writes goes with the folder.
        path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg",
                       "TMPDIR": str(folder), "PYTHONWARNINGS": "ignore::DeprecationWarning"}  # fmt: skip
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **pipes)
        self.running.add(process)
        try:
            said = process.communicate(timeout=PATIENCE)[0]
        except subprocess.TimeoutExpired:
            _end(process)
            return {"blocks": [], "failed": f"It took more than {PATIENCE} s."}
        finally:
            self.running.discard(process)
        if not kept.exists():
            return {"blocks": [], "failed": f"It ended with {process.returncode}.\n{said[-4000:]}"}
        result: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return result


def _end(process: subprocess.Popen[str]) -> None:
    """End a process and those that it began, which are its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _named(panels: list[str], line: int) -> Any:
    """Text that names the panels of the figures, on whose pages sphinx-gallery so lists the example."""
    named = ", ".join(f":class:`~neo_currentscape.{name}`" for name in panels)
    return py_source_parser.Block("text", f"Panels in these figures: {named}.\n", line)


def _printed(output: str) -> str:
    text = ANSI.sub("", output).expandtabs()
    return gen_rst.CODE_OUTPUT.format(indent(text, " " * 4)) if text.strip() else ""


def _start(app: Sphinx) -> None:
    runner = Runner(app)
    gen_rst.execute_script = runner.execute_script
    runner.start(app.config.sphinx_gallery_conf)


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the place of what runs scripts in sphinx-gallery.

    Parameters
    ----------
    app
        The running Sphinx.

    Returns
    -------
    dict
        What Sphinx asks of an extension.
    """
    app.add_config_value("gallery_environments", {}, "")
    app.add_config_value("gallery_whole", False, "", bool)
    # After sphinx-gallery has read its settings, and before it asks for the first script.
    app.connect("builder-inited", _start, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
