"""How Sphinx builds these pages."""

from entrada import __version__

project = "entrada"
author = "the entrada authors"
copyright = author  # noqa: A001 -- Sphinx's name for it
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.doctest"]
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"entrada {__version__}"
html_show_sourcelink = False
html_show_copyright = False
