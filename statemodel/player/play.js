"use strict";
// Shows what the document says and decides nothing: which calls are legal, what they answer and where they lead is
// worked out when the page is written. A track is what is being played: a list of steps, each with the scene it leads to.
(() => {
  const data = JSON.parse(document.getElementById("document").textContent);
  const at = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const walked = { title: "Walk freely", kind: "walk", about: "", frames: [frame("the beginning", 0)] };
  const tracks = [walked, ...data.runs];
  let track = walked;
  let here = 0;
  let timer = null;

  function frame(line, scene) {
    return { line, scene, note: "", wrong: false, details: [] };
  }

  function make(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  const sceneHere = () => data.scenes[track.frames[here].scene];
  const isWalkable = () => track.frames[here].scene < data.walk;

  // ------------------------------------------------------------------------------------------------- moving

  function go(number) {
    here = Math.max(0, Math.min(number, track.frames.length - 1));
    render();
  }

  function choose(number) {
    stop();
    track = tracks[number];
    here = 0;
    render();
  }

  // Does a step: from a run it leads into the open, with the run so far as the way that led here.
  function take(label, scene) {
    stop();
    const before = track.frames.slice(0, here + 1).map((one) => ({ ...one, wrong: false, note: "", details: [] }));
    walked.frames = [...before, frame(label, scene)];
    track = walked;
    go(walked.frames.length - 1);
  }

  // The nearest configuration in which a member of the part is in the state, and the steps that lead there.
  function wayTo(part, state) {
    const from = track.frames[here].scene;
    const found = new Map([[from, null]]);
    const queue = [from];
    const fits = (scene) => data.scenes[scene].members.some((one) => one.part === part && one.states.includes(state));
    for (const scene of queue) {
      if (scene !== from && fits(scene)) {
        const steps = [];
        for (let one = scene; found.get(one); one = found.get(one).before) steps.unshift([found.get(one).label, one]);
        return steps;
      }
      for (const entry of data.scenes[scene].entries.map((one) => data.entries[one])) {
        for (const way of entry.ways) {
          if (way.to !== null && !found.has(way.to)) {
            found.set(way.to, { before: scene, label: said(entry, way) });
            queue.push(way.to);
          }
        }
      }
    }
    return null;
  }

  function visit(part, state) {
    const is = sceneHere().members.some((one) => one.part === part && one.states.includes(state));
    if (is || !isWalkable()) return;
    const steps = wayTo(part, state);
    if (steps === null) {
      at("line").textContent = `No way from here to ${part} ${state} within this page.`;
      return;
    }
    for (const [label, scene] of steps) take(label, scene);
  }

  const said = (entry, way) =>
    entry.initiator === "caller" ? `${entry.label}: ${way.says}` : `(${entry.label}, by the ${entry.initiator})`;

  function stop() {
    clearInterval(timer);
    timer = null;
    at("play").setAttribute("aria-pressed", "false");
    at("play").textContent = "Play";
  }

  function toggle() {
    if (timer !== null) {
      stop();
      return;
    }
    if (here === track.frames.length - 1) go(0);
    at("play").setAttribute("aria-pressed", "true");
    at("play").textContent = "Stop";
    timer = setInterval(() => {
      go(here + 1);
      if (here === track.frames.length - 1) stop();
    }, 900);
  }

  // ------------------------------------------------------------------------------------------------- showing

  function render() {
    const scene = sceneHere();
    const now = track.frames[here];
    at("what").value = String(tracks.indexOf(track));
    at("count").textContent = `step ${here} of ${track.frames.length - 1}`;
    for (const id of ["first", "back"]) at(id).disabled = here === 0;
    for (const id of ["last", "next"]) at(id).disabled = here === track.frames.length - 1;
    at("play").disabled = track.frames.length < 2;
    at("line").textContent = now.line + (now.note ? ` — ${now.note}` : "");
    at("line").classList.toggle("is-wrong", now.wrong);
    document.body.dataset.scene = String(now.scene);
    document.body.dataset.kind = track.kind;
    drawings(scene);
    at("now").replaceChildren(...words(scene, now));
    at("choices").replaceChildren(...choices(scene));
    at("trail").replaceChildren(...track.frames.map(trailed));
    const current = at("trail").querySelector("[aria-current]");
    if (current && track.frames.length > 1) current.scrollIntoView({ block: "nearest" });
    details(null);
  }

  function trailed(one, number) {
    const item = make("li");
    const button = make("button", one.line, { type: "button" });
    button.addEventListener("click", () => {
      stop();
      go(number);
    });
    if (number === here) item.setAttribute("aria-current", "step");
    item.append(button);
    return item;
  }

  function drawings(scene) {
    const states = new Map();
    for (const one of scene.members) {
      states.set(one.part, new Set([...(states.get(one.part) ?? []), ...one.states]));
    }
    for (const figure of all("[data-figure]")) {
      const part = figure.dataset.figure;
      const own = scene.members.filter((one) => one.part === part);
      const isSeen = scene.parts.includes(part);
      figure.classList.toggle("is-left", !isSeen);
      figure.querySelector(".where").textContent = own
        .map((one) => `${one.key === null ? "" : `${one.key}: `}${one.states.join(" or ")}`)
        .join("; ") || (isSeen ? "none" : "not looked at in this run");
      for (const node of all("[data-state]", figure)) {
        const is = states.get(part)?.has(node.dataset.state) ?? (isSeen && node.dataset.state === "Absent");
        node.classList.toggle("is-now", is);
        node.classList.toggle("is-out", !is && track.kind === "history");
        node.setAttribute("aria-current", String(is));
        node.classList.remove("is-next");
      }
      centre(figure);
    }
  }

  // In full size a drawing is larger than its frame: the first state that is possible comes into the middle.
  function centre(figure) {
    const node = figure.querySelector(".is-now");
    if (!node || !figure.classList.contains("is-full")) return;
    const [frame, spot] = [figure.getBoundingClientRect(), node.getBoundingClientRect()];
    figure.scrollBy(spot.x + spot.width / 2 - frame.x - frame.width / 2, spot.y + spot.height / 2 - frame.y - frame.height / 2);
  }

  function words(scene, now) {
    const list = make("ul");
    list.append(...scene.words.map((one) => make("li", one)));
    if (scene.more) list.append(make("li", `and ${scene.more} more`, { class: "more" }));
    const shown = [list];
    if (scene.words.length > 1) {
      const several = make("details");
      several.open = scene.words.length < 4;
      several.append(make("summary", `${scene.words.length + scene.more} configurations are possible`), list);
      shown[0] = several;
    }
    if (scene.carries.length) shown.push(make("p", scene.carries.join("; "), { class: "carries" }));
    if (now.details.length) {
      const expected = make("ul");
      expected.append(...now.details.map((one) => make("li", one)));
      shown.push(make("h3", "Expected instead"), expected);
    }
    return shown;
  }

  const SECTIONS = [
    ["legal", "Legal", true],
    ["open", "Open: may be accepted or refused", true],
    ["hidden", "May happen by itself", true],
    ["refused", "Refused", false],
  ];

  function choices(scene) {
    const entries = scene.entries.map((one) => data.entries[one]);
    const closed = new Set(all("#choices details:not([open])").map((one) => one.className));
    const isFirst = all("#choices details").length === 0;
    return SECTIONS.map(([verdict, title, isOpen]) => {
      const own = entries.filter((one) => one.verdict === verdict);
      const section = make("details", "", { class: verdict });
      section.open = isFirst ? isOpen || data.parts.length === 1 : !closed.has(verdict);
      const list = make("ul");
      for (const entry of own) list.append(...waysOf(entry).map((way) => choice(entry, way)));
      section.append(make("summary", `${title} (${own.length})`), list);
      return section;
    });
  }

  // A call with its answers: one button where it leads to at most one other configuration, else one for each of them.
  function waysOf(entry) {
    if (!entry.ways.length) return [[{ says: "it depends on members nobody has seen", rows: [], to: null }]];
    const moves = entry.ways.filter((one) => one.to !== null);
    const stays = entry.ways.filter((one) => one.to === null);
    return moves.length < 2 ? [entry.ways] : [...moves.map((one) => [one]), ...(stays.length ? [stays] : [])];
  }

  function told(entry, way) {
    const by = entry.initiator === "caller" ? "" : `by the ${entry.initiator}`;
    const says = [by, way.says === "happens" ? "" : way.says].filter(Boolean).join(": ");
    const beyond = way.after && way.to === null && isWalkable() ? " (further than this page goes)" : "";
    return `${says}${way.may && entry.verdict !== "open" ? ", open" : ""}${way.after ? ` → ${way.after}` : ""}${beyond}`;
  }

  function choice(entry, ways) {
    const item = make("li");
    const button = make("button", entry.label, { type: "button" });
    const move = ways.find((one) => one.to !== null);
    const rows = [...new Set(ways.flatMap((one) => one.rows))];
    for (const text of new Set(ways.map((one) => told(entry, one)))) button.append(make("span", text, { class: "says" }));
    button.dataset.name = entry.name;
    button.dataset.verdict = entry.verdict;
    if (move) button.dataset.to = String(move.to);
    else button.setAttribute("aria-disabled", "true");
    button.addEventListener("click", () => {
      if (move) {
        take(said(entry, move), move.to);
        refocus();
      } else {
        details(rows);
      }
    });
    for (const event of ["mouseenter", "focus"]) {
      button.addEventListener(event, () => {
        details(rows);
        targets(move);
      });
    }
    item.append(button);
    return item;
  }

  // After a step the list is another one: the focus goes to its first choice, for those who use the keyboard.
  function refocus() {
    const [first] = all("#choices details[open] button");
    if (first) first.focus({ preventScroll: true });
  }

  function targets(way) {
    const next = way ? data.scenes[way.to].members : [];
    for (const node of all("[data-state]")) {
      const is = next.some((one) => one.part === node.dataset.part && one.states.includes(node.dataset.state));
      node.classList.toggle("is-next", is && !node.classList.contains("is-now"));
    }
  }

  function details(rows) {
    const box = at("details");
    if (rows === null) {
      box.replaceChildren(make("h2", "Sources"), make("p", HINT));
      return;
    }
    const shown = [make("h2", "Sources")];
    if (!rows.length) shown.push(make("p", "No row of the model says so: it follows from limits of parameters."));
    for (const row of rows.map((one) => data.rows[one])) {
      const list = make("ul");
      list.append(...row.details.map((one) => make("li", one)));
      list.append(...row.sources.map((key) => make("li", `${key}: ${data.sources[key]}`, { class: "place" })));
      shown.push(make("h3", `${row.part}: ${row.head}`), list);
    }
    box.replaceChildren(...shown);
  }

  const HINT = "Point at a call, a move, a state or an arrow, or reach it with the keyboard: who says so stands here."
    + (data.is_whole ? "" : ` This page holds the ${data.walk} configurations nearest to the beginning, and numbers of `
      + `versions up to ${data.versions}; what lies beyond is marked.`);

  function aboutState(node) {
    const part = data.parts.find((one) => one.part === node.dataset.part);
    const state = part.states[node.dataset.state];
    const lines = [`${state.kind}; reads ${state.status ?? "nothing"}`, state.doc];
    if (state.within_s !== null) lines.push(`overdue after ${state.within_s} s`);
    const list = make("ul");
    list.append(...lines.map((one) => make("li", one)));
    at("details").replaceChildren(make("h2", `${part.name}: ${node.dataset.state}`), list);
  }

  function aboutArrow(edge) {
    const from = edge.dataset.from.split("|");
    const to = edge.dataset.to.split("|");
    const fits = (row) => row.part === edge.dataset.part && !row.refuses && row.from.some((one) => from.includes(one))
      && (row.to === null ? from.some((one) => to.includes(one)) : to.includes(row.to));
    details(data.rows.flatMap((row, number) => (fits(row) ? [number] : [])));
  }

  // ------------------------------------------------------------------------------------------------- keys and pointers

  function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("select")) return;
    const steps = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: track.frames.length - 1 };
    if (event.key in steps) {
      stop();
      go(steps[event.key]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const buttons = all("#choices details[open] button");
      const place = buttons.indexOf(document.activeElement);
      const next = event.key === "ArrowDown" ? place + 1 : Math.max(place, 0) - 1;
      buttons[(next + buttons.length) % buttons.length]?.focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  for (const node of all("[data-state]")) {
    const does = () => visit(node.dataset.part, node.dataset.state);
    node.addEventListener("click", does);
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        does();
      }
    });
    for (const event of ["mouseenter", "focus"]) node.addEventListener(event, () => aboutState(node));
  }
  for (const edge of all("[data-from]")) {
    edge.addEventListener("mouseenter", () => {
      edge.classList.add("is-shown");
      aboutArrow(edge);
    });
    edge.addEventListener("mouseleave", () => edge.classList.remove("is-shown"));
  }
  for (const figure of all("[data-figure]")) {
    const drawing = figure.querySelector(".drawing");
    const full = make("button", "Full size", { type: "button", "aria-pressed": "false" });
    const fit = () => {
      const isFull = figure.classList.contains("is-full");
      drawing.style.setProperty("max-width", isFull ? "none" : `${Math.round(drawing.dataset.width * 1.5)}px`);
      drawing.style.setProperty("width", isFull ? `${Math.round(drawing.dataset.width * 1.33)}px` : "100%");
    };
    full.addEventListener("click", () => {
      full.setAttribute("aria-pressed", String(figure.classList.toggle("is-full")));
      fit();
      centre(figure);
    });
    figure.querySelector("figcaption").prepend(full);
    figure.querySelector("figcaption").append(make("span", "", { class: "where" }));
    fit();
  }
  at("drawings").classList.toggle("is-one", data.parts.length === 1);
  at("what").append(...tracks.map((one, number) => make("option", one.title, { value: String(number) })));
  at("what").addEventListener("change", () => choose(Number(at("what").value)));
  at("first").addEventListener("click", () => go(0));
  at("back").addEventListener("click", () => go(here - 1));
  at("next").addEventListener("click", () => go(here + 1));
  at("last").addEventListener("click", () => go(track.frames.length - 1));
  at("play").addEventListener("click", toggle);
  document.addEventListener("keydown", onKey);
  choose(tracks.length > 1 ? 1 : 0);
})();
