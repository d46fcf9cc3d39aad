// The grid of a board. Names and notes are set as text, never as HTML.
// What is done is shown at once and sent again and again until the server has confirmed it.
const TOOLS = [
  ["first", "Move to the start", "M11 4 5 8l6 4M3 4v8"],
  ["up", "Move one place earlier", "M10 3 5 8l5 5"],
  ["down", "Move one place later", "M6 3l5 5-5 5"],
  ["last", "Move to the end", "M5 4l6 4-6 4M13 4v8"],
  ["note", "Add a note", "M3 13l.8-3L11 2.8 13.2 5 6 12.2 3 13z"],
  ["similar", "Find similar", "M7 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM10 10l3.5 3.5"],
  ["remove", "Remove from the board", "M4 4l8 8M12 4l-8 8"],
];
const AGAIN = 2000; // milliseconds until what was not confirmed is sent a second time
// Of a board that can only be looked at, what changes nothing.
const shownTools = (state) => (state.data.fixed ? TOOLS.filter(([tool]) => tool === "similar") : TOOLS);
const same = (one, other) => one[0] === other[0] && one[1] === other[1];

export default function ({ parentElement, data, setTriggerValue }) {
  const list = parentElement.querySelector("ol");
  const status = parentElement.querySelector("[role=status]");
  // The element outlives a rerun of the page, and with it what was not confirmed yet and what is being written.
  const state = (list.state ??= { grid: crypto.getRandomValues(new Uint32Array(2)).join("-"), number: 0, reports: [], cards: new Map() });
  state.send = setTriggerValue;
  state.there = () => list.isConnected;
  state.data = data;
  state.reports = state.reports.filter((report) => report.number > (data.done[state.grid] ?? 0));
  state.show = () => show(list, state);
  state.say = (text) => { status.textContent = text; };
  state.show();
}

function report(state, done) {
  state.number += 1;
  state.reports.push({ number: state.number, ...done });
  send(state, AGAIN);
  state.show();
}

// What is sent while the page runs can get lost, so it is sent until it is confirmed, ever more seldom: a slow run must end.
function send(state, wait) {
  state.send("reports", { grid: state.grid, reports: state.reports });
  clearTimeout(state.again);
  state.again = setTimeout(() => { if (state.reports.length && state.there()) send(state, 2 * wait); }, wait);
}

// The server's cards with what it has not confirmed yet done to them.
function expected(state) {
  const cards = state.data.cards.map((card) => ({ ...card }));
  for (const { done, key, to, text } of state.reports) {
    const at = cards.findIndex((card) => same(card.key, key));
    if (at < 0) continue;
    if (done === "note") cards[at].note = text.trim();
    if (done === "remove") cards.splice(at, 1);
    if (done === "move" && Array.isArray(to)) {
      const [card] = cards.splice(at, 1);
      const other = cards.findIndex((each) => same(each.key, to[1]));
      cards.splice(other < 0 ? at : other + (to[0] === "after"), 0, card);
    }
  }
  return cards;
}

function show(list, state) {
  const focused = list.getRootNode().activeElement;
  const cards = expected(state);
  const names = cards.map((card) => JSON.stringify(card.key));
  for (const [name, item] of state.cards) {
    if (!names.includes(name)) { item.remove(); state.cards.delete(name); }
  }
  cards.forEach((card, n) => {
    if (!state.cards.has(names[n])) state.cards.set(names[n], make(state, list));
    const item = state.cards.get(names[n]);
    fill(item, card, n, cards, state);
    if (list.children[n] !== item) list.insertBefore(item, list.children[n] ?? null);
  });
  if (focused?.isConnected && list.contains(focused)) focused.focus(); // moving an element in the page takes its focus
  else if (focused && focused !== list.getRootNode().activeElement) list.querySelector("button")?.focus();
}

function make(state, list) {
  const item = element("li");
  const picture = element("div", "picture");
  picture.draggable = !state.data.fixed;
  const name = element("p", "name");
  name.append(element("span", "place"), element("span"));
  const area = element("textarea");
  area.hidden = true;
  area.maxLength = 4000;
  const tools = element("div", "tools");
  tools.setAttribute("role", "group");
  for (const [tool, , path] of shownTools(state)) {
    const button = element("button", tool);
    button.type = "button";
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    button.append(svg);
    button.onclick = () => act(item, tool, state);
    tools.append(button);
  }
  item.append(picture, name, element("p", "detail"), element("p", "remark"), area, tools);
  writeNotes(item, area, state);
  if (!state.data.fixed) dragAndDrop(item, picture, state, list);
  return item;
}

function fill(item, card, n, cards, state) {
  const place = state.data.first + n;
  item.card = card;
  item.beside = { up: cards[n - 1]?.key, down: cards[n + 1]?.key };
  item.place = place;
  item.setAttribute("aria-label", `${place} of ${state.data.count}: ${card.name}`);
  const picture = item.querySelector(".picture");
  picture.classList.toggle("absent", !card.picture);
  if (picture.shown !== (card.picture ?? card.absent)) {
    picture.shown = card.picture ?? card.absent;
    const image = element("img");
    if (card.picture) Object.assign(image, { src: card.picture, alt: card.name, loading: "lazy", decoding: "async" });
    picture.replaceChildren(card.picture ? image : card.absent);
  }
  const [number, name] = item.querySelector(".name").children;
  number.textContent = `${place}. `;
  name.textContent = card.name;
  item.querySelector(".name").title = card.name;
  item.querySelector(".detail").textContent = card.detail;
  const note = item.querySelector(".remark");
  note.textContent = card.note;
  note.hidden = !card.note || !item.querySelector("textarea").hidden;
  item.querySelector("textarea").setAttribute("aria-label", `Note on ${card.name}`);
  const ends = { first: place === 1, up: place === 1, down: place === state.data.count, last: place === state.data.count };
  for (const [tool, label] of shownTools(state)) {
    const button = item.querySelector(`.${tool}`);
    const said = tool === "note" && card.note ? "Edit the note" : label;
    button.title = said;
    button.setAttribute("aria-label", `${said}: ${card.name}`);
    if (tool in ends) button.setAttribute("aria-disabled", String(ends[tool]));
    if (tool === "similar") button.hidden = !card.there;
  }
}

function act(item, tool, state) {
  const { key, name } = item.card;
  if (item.querySelector(`.${tool}`).getAttribute("aria-disabled") === "true") return;
  if (tool === "note") return open(item);
  if (tool === "similar") return state.send("similar", key[1]);
  if (tool === "remove") {
    state.say(`${name} was removed from the board`);
    const next = item.nextElementSibling ?? item.previousElementSibling;
    next?.querySelector(".remove").focus();
    return report(state, { done: "remove", key });
  }
  const beside = item.beside[tool];
  const to = beside ? [tool === "up" ? "before" : "after", beside] : tool;
  report(state, { done: "move", key, to });
  state.say(beside ? `${name} is number ${item.place} of ${state.data.count}` : `${name} was moved`);
}

function open(item) {
  const area = item.querySelector("textarea");
  area.value = area.seen = item.card.note;
  area.hidden = false;
  item.querySelector(".remark").hidden = true;
  area.focus();
}

function writeNotes(item, area, state) {
  const close = (keep) => {
    if (area.hidden) return;
    area.hidden = true;
    if (keep && area.value.trim() !== area.seen) {
      report(state, { done: "note", key: item.card.key, text: area.value, seen: area.seen });
    }
    state.show();
  };
  area.onblur = () => close(true);
  area.onkeydown = (event) => {
    event.stopPropagation();
    const done = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (event.key !== "Escape" && !done) return;
    event.preventDefault();
    close(done);
    item.querySelector(".note").focus();
  };
}

function dragAndDrop(item, picture, state, list) {
  const unmark = () => list.querySelectorAll("li").forEach((each) => each.classList.remove("before", "after"));
  const side = (event) => {
    const box = item.getBoundingClientRect();
    return event.clientX < box.left + box.width / 2 ? "before" : "after";
  };
  picture.ondragstart = (event) => {
    state.dragged = item;
    item.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.card.name);
  };
  picture.ondragend = () => {
    item.classList.remove("dragged");
    unmark();
    state.dragged = null;
  };
  item.ondragover = (event) => {
    if (!state.dragged || state.dragged === item) return;
    event.preventDefault();
    unmark();
    item.classList.add(side(event));
  };
  item.ondragleave = unmark;
  item.ondrop = (event) => {
    event.preventDefault();
    const dragged = state.dragged;
    if (!dragged || dragged === item) return;
    report(state, { done: "move", key: dragged.card.key, to: [side(event), item.card.key] });
    state.say(`${dragged.card.name} is number ${dragged.place} of ${state.data.count}`);
  };
}

function element(tag, className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}
