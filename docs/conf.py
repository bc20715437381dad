"""How Sphinx builds these pages: `sphinx-build -W docs site`. Pages of reference are written before it reads them."""

from pathlib import Path
from shutil import rmtree

project = "statemodel"
author = "the authors of statemodel"
extensions = ["myst_parser", "statemodel.sphinx"]
exclude_patterns = ["proofs.json"]
html_theme = "alabaster"
html_theme_options = {"page_width": "70rem", "description": "How cloud function services behave"}
html_show_sourcelink = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["site.css"]
myst_heading_anchors = 3
nitpicky = True


def write_pages(app):
    """Write a page a model into `reference`, which is not committed."""
    from statemodel.reference import pages, read_proofs
    from statemodel.registry import MODELS

    here, models = Path(app.srcdir), tuple(MODELS.values())
    proofs = read_proofs((here / "proofs.json").read_text(encoding="utf-8"), "proofs.json", models)
    target = here / "reference"
    rmtree(target, ignore_errors=True)
    target.mkdir()
    for name, content in pages(models, "svg", proofs).items():
        (target / name).write_bytes(content)
    names = "\n".join(each.name for each in models)
    with (target / "index.md").open("a", encoding="utf-8") as index:
        index.write(f"\n```{{toctree}}\n:hidden:\n\n{names}\n```\n")


def setup(app):
    """Take part in a build."""
    app.connect("builder-inited", write_pages)
