// A combobox as the ARIA practices describe it. What comes from the catalogue is set as text, never as HTML.
const WAIT = 120; // milliseconds without a key before the server is asked

export default function ({ parentElement, data, setTriggerValue }) {
  const input = parentElement.querySelector("input");
  const list = parentElement.querySelector("ul");
  const status = parentElement.querySelector("[role=status]");
  // The element outlives a rerun of the page, and what is being typed with it.
  const state = (input.state ??= { typed: "", options: [], active: -1, timer: 0, request: null });
  input.placeholder = data.placeholder;
  parentElement.querySelector("label").textContent = data.placeholder;

  const close = () => {
    clearTimeout(state.timer);
    state.request?.abort();
    state.options = [];
    state.active = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (option) => {
    if (!option) return;
    if (option.more) return ask(true);
    input.value = "";
    close();
    setTriggerValue("chosen", option.id === undefined ? { words: option.words, anew: option.anew } : { product: option.id });
  };

  const activate = (place) => {
    state.active = place;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === place)));
    const item = list.children[place];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const cell = (className, text) => {
    const span = document.createElement("span");
    span.className = className;
    span.textContent = text;
    return span;
  };

  const line = (option, n) => {
    const item = document.createElement("li");
    item.id = `choice-${n}`;
    item.setAttribute("role", "option");
    if (option.more) {
      item.append(cell("name", `Show ${option.more} more with this name`));
    } else if (option.id === undefined) {
      const said = option.anew ? "Search for these words" : "Refine your query with these words";
      item.append(cell("name", `${said}: ${option.words}`));
    } else {
      const picture = document.createElement(option.picture ? "img" : "span");
      if (option.picture) Object.assign(picture, { src: option.picture, alt: "" });
      else picture.className = "none";
      item.append(picture, cell("name", option.name), cell("id", option.id));
    }
    item.onpointerdown = (event) => { event.preventDefault(); choose(option); };
    item.onpointermove = () => { if (state.active !== n) activate(n); };
    return item;
  };

  // An id or a whole name comes before the words, so Enter takes it; words beside a query refine it, or begin anew.
  const show = (typed, products, more) => {
    state.typed = typed;
    state.options = [
      ...products.filter((one) => one.exact),
      ...(more ? [{ more }] : []),
      ...(data.refines ? [{ words: typed, anew: false }] : []),
      { words: typed, anew: true },
      ...products.filter((one) => !one.exact),
    ];
    list.replaceChildren(...state.options.map(line));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    status.textContent = `${products.length} products`;
    activate(0);
  };

  const ask = async (all = false) => {
    const typed = input.value.trim();
    if (!typed) return close();
    state.request?.abort();
    state.request = new AbortController();
    try {
      const answer = await fetch(`${data.suggest}?q=${encodeURIComponent(typed)}${all ? "&all=1" : ""}`, { signal: state.request.signal });
      const { products, more } = answer.ok ? await answer.json() : { products: [], more: 0 };
      if (input.value.trim() === typed) show(typed, products, more);
    } catch (error) {
      if (error.name !== "AbortError") show(typed, [], 0);
    }
  };

  input.oninput = () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => ask(), WAIT);
  };
  const decide = async () => {
    clearTimeout(state.timer);
    if (list.hidden || state.typed !== input.value.trim()) await ask(); // what is typed now counts
    choose(state.options[state.active]);
  };

  const keys = {
    ArrowDown: () => activate(state.active + 1 < state.options.length ? state.active + 1 : 0),
    ArrowUp: () => activate((state.active > 0 ? state.active : state.options.length) - 1),
    Escape: close,
    Enter: decide,
  };
  input.onkeydown = (event) => {
    if (!(event.key in keys) || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
  input.onfocus = () => { if (input.value.trim() && list.hidden) ask(); };
  input.onblur = close;
}
