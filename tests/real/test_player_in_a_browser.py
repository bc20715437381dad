"""The page to look into a graph, in a real browser: clicks and keys move the state, and runs play to their ends."""

import shutil

import attrs
import pytest

from statemodel import Claim, Invariant
from statemodel.player.page import html
from statemodel.player.runs import Stage, of_histories, of_proofs
from statemodel.player.scenes import Ledger
from statemodel.player.walk import walk
from statemodel.registry import model
from statemodel.semantics import prepare
from statemodel.verify import verify

api = pytest.importorskip("playwright.sync_api", reason="playwright (extra `real`) is not installed")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser():
    with api.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory, request):
    """The page of a service with a broken statement and a recorded history, and of one graph alone."""
    folder = tmp_path_factory.mktemp("pages")
    never = Invariant("a function is never Active", Claim.ALWAYS, lambda look: look.state("function") != "Active",
                      ("function", "billing", "version", "alias"))
    for name, invariants in (("scf", (never,)), ("scf.function", ())):
        chosen = attrs.evolve(model(name), invariants=invariants)
        reached = walk(prepare(chosen), versions=1, most=150)
        ledger = Ledger()
        stage = Stage(ledger, reached.scenes(ledger), reached)
        runs = of_proofs(chosen, verify(chosen, versions=1), stage) if invariants else []
        runs += of_histories(chosen, str(request.config.rootpath / "tests/histories/scf-T22.jsonl"), stage)
        (folder / f"{name}.html").write_text(html(chosen, stage, runs), encoding="utf-8")
    return folder


@pytest.fixture
def opened(browser, pages):
    """What opens a page; it fails on anything said to the console and on any request but the page's own."""
    trouble = []
    made = []

    def show(name, **options):
        page = browser.new_page(**options)
        made.append(page)
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: trouble.append(request.url) if "file:" not in request.url[:5]
                and not request.url.startswith("data:") else None)
        page.goto((pages / f"{name}.html").as_uri())
        return page

    yield show
    for page in made:
        page.close()
    assert trouble == []


def now(page, part="function"):
    """The states of a part that are marked as possible."""
    found = page.query_selector_all(f'[data-part="{part}"][data-state].is-now')
    return sorted(one.get_attribute("data-state") for one in found)


def test_clicks_move_the_state(opened):
    """A legal call and a move of the service lead from Absent to Active; a step back undoes the last one."""
    page = opened("scf.function")
    page.select_option("#what", "0")
    assert now(page) == ["Absent"]
    page.click("#choices button[data-name=CreateFunction][data-to]")
    assert now(page) == ["Creating"]
    page.click("#choices button[data-name='create succeeded']")
    assert now(page) == ["Active"]
    page.click("#back")
    assert (now(page), page.inner_text("#count")) == (["Creating"], "step 1 of 2")
    page.click("#next")
    assert now(page) == ["Active"]


def test_a_refused_call_moves_nothing(opened):
    """Clicking what is refused leaves the state, and shows who says so."""
    page = opened("scf.function")
    page.select_option("#what", "0")
    page.click("#choices button[data-name=UpdateFunctionCode][data-verdict=refused] >> nth=0", force=True)
    assert (now(page), page.inner_text("#count")) == (["Absent"], "step 0 of 0")
    assert "UpdateFunctionCode in " in page.inner_text("#details")


def test_a_click_on_a_state_goes_there(opened):
    """The shortest way is taken, and stands among the steps."""
    page = opened("scf.function")
    page.select_option("#what", "0")
    page.click('[data-state="UpdateFailed"]')
    assert now(page) == ["UpdateFailed"]
    assert page.inner_text("#count") == "step 4 of 4"
    assert page.locator("#trail li").count() == 5


def test_keys_alone_are_enough(opened):
    """Down and Enter do a step, the arrows walk back and forth, Home and End go to the ends; a state takes Enter."""
    page = opened("scf.function")
    page.select_option("#what", "0")
    page.locator("body").press("ArrowDown")
    while page.evaluate("document.activeElement.dataset.to") is None:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert now(page) == ["Creating"]
    page.keyboard.press("ArrowLeft")
    assert now(page) == ["Absent"]
    page.keyboard.press("End")
    assert now(page) == ["Creating"]
    page.keyboard.press("Home")
    assert now(page) == ["Absent"]
    page.focus('[data-state="Active"]')
    page.keyboard.press("Enter")
    assert now(page) == ["Active"]


def test_a_counterexample_plays_to_its_end(opened):
    """Played, it stops at its last step, which is marked as wrong; from there it can be walked on."""
    page = opened("scf")
    assert page.inner_text("#what option:checked") == "counterexample: a function is never Active"
    assert now(page) == ["Absent"]
    page.click("#play")
    api.expect(page.locator("#play")).to_have_text("Stop")
    api.expect(page.locator("#play")).to_have_text("Play", timeout=20_000)
    assert now(page) == ["Active"]
    assert page.inner_text("#count") == "step 2 of 2"
    assert "here it is broken: a function is never Active" in page.inner_text("#line.is-wrong")
    page.click("#choices button[data-name=DeleteFunction][data-to]")
    assert (now(page), page.inner_text("#count")) == (["Deleting"], "step 3 of 3")


def test_a_history_shows_the_belief(opened):
    """Every state that the records leave possible is marked, part by part; the end says what was expected."""
    page = opened("scf")
    page.select_option("#what", "2")
    assert len(now(page)) > 5
    page.click("#last")
    assert "SM202" in page.inner_text("#line.is-wrong")
    assert "Expected instead" in page.inner_text("#now")
    assert len(now(page, "billing")) == 5


def test_sources_are_shown_on_hover_and_focus(opened):
    """Pointing at a call, a state or an arrow, and reaching a call with a key, tell who says so."""
    page = opened("scf.function")
    page.select_option("#what", "0")
    page.hover("#choices button[data-name=CreateFunction]")
    by_pointer = page.inner_text("#details")
    page.hover('[data-state="Active"]')
    assert "resting; reads Active" in page.inner_text("#details")
    page.focus("#choices button[data-name=CreateFunction]")
    assert page.inner_text("#details") == by_pointer
    assert "Absent → Creating: CreateFunction" in by_pointer
    assert "documented: " in by_pointer


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_day_and_by_night(opened, scheme):
    """The page and the letters of its drawings follow the scheme; the current state is told to a screen reader."""
    page = opened("scf.function", color_scheme=scheme)
    page.select_option("#what", "0")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    letters = page.evaluate("getComputedStyle(document.querySelector('[data-state=Active] text')).fill")
    assert (ground, letters) == {
        "light": ("rgb(255, 255, 255)", "rgb(27, 27, 27)"), "dark": ("rgb(20, 23, 27)", "rgb(241, 243, 245)")}[scheme]
    assert page.get_attribute('[data-state="Absent"]', "aria-current") == "true"
    assert page.get_attribute('[data-state="Active"]', "aria-current") == "false"


def test_it_fits_a_small_screen(opened):
    """Nothing makes a narrow page scroll sideways."""
    page = opened("scf", viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
