"""Real sites are built with pieces of models, without a warning: Sphinx, MkDocs, Zensical, and our own pages."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest

FORMS = ("svg", "mermaid", "outline", "table", "states", "transitions", "refusals", "policies", "sources")
HEADERS = {"operation", "what it is", "conditions", "place"}
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def ran(*command, cwd=None):
    """A finished program of the running environment."""
    return subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603


def headers(page):
    """What stands over the columns of the tables of a page."""
    return {re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<th[^>]*>(.*?)</th>", page, re.DOTALL)}


def sphinx(folder, *, builder="html"):
    pytest.importorskip("sphinx", reason="Sphinx (extra `docs`) is not installed")
    return ran("sphinx", "-W", "-q", "-b", builder, str(folder), str(folder / "out"))


def rst(folder, body):
    (folder / "conf.py").write_text('project = "x"\nextensions = ["statemodel.sphinx"]\n', encoding="utf-8")
    (folder / "index.rst").write_text(f"Title\n=====\n\n{body}", encoding="utf-8")


# ------------------------------------------------------------------------------------------------- Sphinx


@pytest.mark.parametrize("option", ["format", "as"])
def test_sphinx_shows_every_form(tmp_path, option):
    """A site with one directive of each form builds without a warning, in HTML and as text."""
    rst(tmp_path, "".join(f".. statemodel:: scf.billing\n   :{option}: {form}\n\n" for form in FORMS)
        + ".. statemodel:: fc\n")
    done = sphinx(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    shown = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert shown.count('src="data:image/svg+xml;base64,') == 2
    assert headers(shown) >= HEADERS
    assert '<pre class="mermaid">stateDiagram-v2' in shown
    assert re.search(r"<li><p>[^<]*by the environment, hidden: balance exhausted", shown)
    done = sphinx(tmp_path, builder="text")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (".. statemodel:: nothing\n", "index.rst:4: ERROR: unknown model 'nothing'; known: scf, "),
        (".. statemodel:: scf\n   :format: poem\n", 'index.rst:4: ERROR: Error in "statemodel" directive:\n'),
        (".. statemodel:: scf\n   :format: states\n   :as: states\n", "index.rst:4: ERROR: :format: and :as: are two"),
    ],
)
def test_sphinx_names_what_is_wrong(tmp_path, body, message):
    """A wrong name fails the build, at its line."""
    rst(tmp_path, body)
    done = sphinx(tmp_path)
    assert done.returncode != 0
    assert message in done.stderr


# ------------------------------------------------------------------------------------------------- Python-Markdown


def markdown_site(folder, body):
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text(f"# Title\n\n{body}", encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        "site_name: x\nsite_url: http://localhost/\nmarkdown_extensions:\n  - statemodel.markdown\n  - fenced_code\n",
        encoding="utf-8")
    return folder


ALL = "".join(f"[[statemodel: scf.billing {form}]]\n\n" for form in FORMS) + (
    "```markdown\n[[statemodel: scf.billing states]]\n```\n\n[[statemodel: fc.account]]\n")


@pytest.mark.parametrize("builder", ["mkdocs", "zensical"])
def test_a_site_of_markdown_shows_every_form(tmp_path, builder):
    """A site with one line of each form builds strictly; a line within a fence stays as it is."""
    pytest.importorskip(builder, reason=f"{builder} (extra `real`) is not installed")
    folder = markdown_site(tmp_path, ALL)
    done = ran(builder, "build", "--strict", cwd=folder)
    assert done.returncode == 0, done.stderr + done.stdout
    shown = (folder / "site" / "index.html").read_text(encoding="utf-8")
    assert shown.count("data:image/svg+xml;base64,") == 2
    assert headers(shown) >= HEADERS
    assert '<pre class="mermaid">stateDiagram-v2' in shown
    assert shown.count("[[statemodel: scf.billing states]]") == 1
    assert re.search(r"<li>[^<]*by the environment, hidden: balance exhausted", shown)


@pytest.mark.parametrize("builder", ["mkdocs", "zensical"])
def test_a_wrong_name_stops_the_site(tmp_path, builder):
    """A model that is not there fails the build, by name."""
    pytest.importorskip(builder, reason=f"{builder} (extra `real`) is not installed")
    done = ran(builder, "build", "--strict", cwd=markdown_site(tmp_path, "[[statemodel: nothing]]\n"))
    assert done.returncode != 0
    assert "unknown model 'nothing'" in done.stderr + done.stdout


# ------------------------------------------------------------------------------------------------- our own pages


class Links(HTMLParser):
    """Addresses and anchors of a page."""

    def __init__(self):
        super().__init__()
        self.addresses, self.anchors = [], set()

    def handle_starttag(self, _tag, attrs):
        given = dict(attrs)
        self.anchors.update(filter(None, (given.get("id"), given.get("name"))))
        self.addresses += [given[name] for name in ("href", "src") if given.get(name)]


@pytest.fixture(scope="module")
def site(tmp_path_factory, request):
    """The pages of this project, built from a copy of its docs with warnings as errors."""
    pytest.importorskip("myst_parser", reason="myst-parser (extra `docs`) is not installed")
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(request.config.rootpath / "docs", folder / "docs", ignore=shutil.ignore_patterns("reference"))
    done = sphinx(folder / "docs")
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "docs" / "out"


def test_our_own_links_lead_somewhere(site):
    """Every page is there; each link, anchor and image of it too."""
    pages = {}
    for place in sorted(site.rglob("*.html")):
        pages[place] = Links()
        pages[place].feed(place.read_text(encoding="utf-8"))
    assert len(pages) > 20
    broken = []
    for place, page in pages.items():
        for address in page.addresses:
            path, anchor = urldefrag(address)
            if path.startswith(("http:", "https:", "data:", "mailto:")):
                continue
            target = (place.parent / unquote(path).partition("?")[0]).resolve() if path else place
            if not target.is_file() or (anchor and target in pages and anchor not in pages[target].anchors
                                        and unquote(anchor) not in pages[target].anchors):
                broken.append(f"{place.name}: {address}")
    assert broken == []


def test_our_own_pages_in_a_browser(site):
    """In Chromium every image of every page is drawn, and nothing is asked of a network or goes wrong."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright (extra `real`) is not installed")
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    trouble, seen = [], 0
    with api.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("requestfailed", lambda request: trouble.append(f"failed: {request.url[:200]}"))
        page.on("request", lambda request: trouble.append(f"network: {request.url}")
                if not request.url.startswith(("file:", "data:")) else None)
        for place in sorted(site.rglob("*.html")):
            page.goto(place.as_uri())
            widths = page.evaluate("[...document.images].map((one) => one.complete ? one.naturalWidth : 0)")
            seen += len(widths)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            trouble += [f"{place.name}: wider than the window by {wide}"] if wide > 0 else []
            trouble += [f"{place.name}: an image is not drawn" for width in widths if not width]
        browser.close()
    assert trouble == []
    assert seen >= 16
