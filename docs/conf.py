"""How Sphinx makes the site; `docs/make_site.py` runs it on a copy of the documents."""

project = "Mien"
author = "The Mien authors"
extensions = ["myst_parser"]
root_doc = "docs/index"
exclude_patterns = ["docs/conf.py"]
html_theme = "furo"
html_title = "Mien"
html_static_path: list[str] = []
html_show_copyright = False
html_show_sphinx = False
myst_heading_anchors = 4  # links to headings as on GitHub
nitpicky = True
highlight_language = "none"
