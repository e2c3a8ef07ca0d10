"""Sphinx configuration: markdown pages, a plain theme, no network."""

project = "Flexible production scheduler"
author = "The scheduler authors"
extensions = ["myst_parser"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "What runs where, when and after which reconfiguration", "page_width": "1100px",
                      "sidebar_width": "240px", "fixed_sidebar": False}
html_show_sourcelink = False
html_copy_source = False
