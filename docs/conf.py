"""How Sphinx builds these pages."""

import sys
from pathlib import Path

from entrada import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "entrada"
author = "the entrada authors"
copyright = author  # noqa: A001 -- Sphinx's name for it
version = release = __version__

extensions = ["from_code", "error_pages", "myst_parser", "sphinx.ext.doctest"]
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_ext", "_static"]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_title = f"entrada {__version__}"
html_show_sourcelink = False
html_show_copyright = False
smartquotes_action = "qe"  # quotes and ellipses; two dashes begin an option
