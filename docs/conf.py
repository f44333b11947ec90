"""How the documentation is built: `nox -s docs`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

ROOT = Path(__file__).parents[1]
CORE = tomllib.loads((ROOT / "core" / "pyproject.toml").read_text("utf-8"))["project"]

project = "Shotcaller"
author = "the Shotcaller contributors"
project_copyright = author
release = CORE["version"]
version = ".".join(release.split(".")[:2])

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "Shotcaller"
html_show_copyright = False

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"

# Nothing is fetched while building: names of other projects are not links.
nitpick_ignore_regex = [
    (r"py:.*", r"(?!shotcaller).*"),
    (r"py:.*", r"shotcaller(\.\w+)+\.[A-Z]s?"),  # type variables
]


def find_public(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element
) -> nodes.Element | None:
    """Resolves the name of where a thing is defined to where it is documented."""
    target = node.get("reftarget", "")
    if node.get("refdomain") != "py" or not target.startswith("shotcaller"):
        return None
    name = target.rpartition(".")[2]
    domain = env.domains.python_domain
    for module in (
        "shotcaller",
        "shotcaller.plugin",
        "shotcaller.errors",
        "shotcaller.refusals",
    ):
        if entry := domain.objects.get(f"{module}.{name}"):
            builder, here = app.builder, node.get("refdoc", "")
            return make_refnode(builder, here, entry.docname, entry.node_id, content)
    return None


def setup(app: Sphinx) -> None:
    """Tells Sphinx about the above."""
    app.connect("missing-reference", find_public)
