"""Sphinx configuration."""

import os
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("MPLBACKEND", "agg")

import neo_currentscape

project = "neo-currentscape"
author = "The neo-currentscape developers"
copyright = "2026, the neo-currentscape developers"
version = release = neo_currentscape.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "gallery/**/*.ipynb", "gallery/**/*.py"]
html_theme = "alabaster"
html_theme_options = {
    "description": "Which membrane currents drive a neuron",
    "fixed_sidebar": True,
    "page_width": "1060px",
}

autosummary_generate = True
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    # Brian2 (numpy < 2.4), hnn-core (NEURON < 9) and BluePyOpt need environments of their own: their
    # examples are shown, not run.
    "filename_pattern": r"^(?!.*(brian2|hnn_|bluepyopt)).*\.py",
    "ignore_pattern": r"__init__\.py",
    "image_scrapers": ("gallery_scraper",),
    "reset_modules": (),
    "capture_repr": (),
    "remove_config_comments": True,
    "download_all_examples": False,
    "plot_gallery": os.environ.get("RUN_GALLERY", "1") == "1",
    "only_warn_on_example_error": False,
}

warnings.filterwarnings("ignore", category=DeprecationWarning)
