"""Sphinx configuration."""

import os
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))
os.environ.setdefault("MPLBACKEND", "agg")

import inventories  # noqa: E402
import stamped  # noqa: E402
from class_pages import Documented  # noqa: E402

import neo_currentscape  # noqa: E402

project = "neo-currentscape"
author = "The neo-currentscape developers"
copyright = "2026, the neo-currentscape developers"
version = release = neo_currentscape.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "numpydoc",
    "mathml",
    "myst_parser",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "gallery_processes",
    "public_names",
    "breaks",
    "signatures",
    "swatches",
]
# The gallery is `examples.rst`, in sections.
exclude_patterns = ["_build", "gallery/index.rst", "gallery/**/*.ipynb", "gallery/**/*.py"]
templates_path = ["_templates"]
# What stands between single backquotes is a link where there is such a name.
default_role = "py:obj"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "neo-currentscape"
html_show_sourcelink = False
html_theme_options = {
    "navbar_start": ["navbar-logo"],
    "navbar_end": ["theme-switcher"],
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"index": []}

# Bars are those of an absolute value in docstrings.
rst_prolog = ".. |Z| replace:: \\|Z\\|\n" + stamped.issues(HERE.parent / "setup.cfg") + "\n"
# What an error says is pasted into a shell or into Python as it stands.
smartquotes = False

autosummary_generate = True
toc_object_entries_show_parents = "hide"
autosummary_context = {"documented": Documented()}
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = True
numpydoc_xref_ignore = "all"
numpydoc_xref_aliases = {
    "DataFrame": "pandas.DataFrame",
    "Axes": "matplotlib.axes.Axes",
    **{
        f"neo.{name}": f"neo.{name}" for name in ("Segment", "Block", "AnalogSignal", "Epoch", "SpikeTrain")
    },
    **{
        name: f"neo_currentscape.{name}"
        for name in (
            "Recording",
            "Currentscape",
            "CellRecording",
            "Balance",
            "Average",
            "Sweep",
            "Comparison",
        )
    },
}

# The names are those of `inventories.txt`: no network.
intersphinx_mapping = inventories.write(HERE / "inventories.txt", HERE / "_build" / "inventories")

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"
myst_heading_anchors = 2

# Brian2 asks for NumPy before 2.4, hnn-core for NEURON before 9: environments that the Makefile makes.
gallery_environments = {
    "bluepyopt_step": ".venv-bluepyemodel",
    "brian2_hh": ".venv-brian2",
    "hnn_dipole": ".venv-hnn",
}

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "backreferences_dir": "reference/examples",
    "doc_module": ("neo_currentscape",),
    "filename_pattern": r"\.py",
    "ignore_pattern": r"__init__\.py",
    "thumbnail_size": (480, 384),
    # Times are those of the machine that built the pages.
    "min_reported_time": 10**6,
    "minigallery_sort_order": "gallery_order.place",
    "write_computation_times": False,
    "remove_config_comments": True,
    "download_all_examples": False,
    "plot_gallery": os.environ.get("RUN_GALLERY", "1") == "1",
    "only_warn_on_example_error": False,
}

warnings.filterwarnings("ignore", category=DeprecationWarning)
