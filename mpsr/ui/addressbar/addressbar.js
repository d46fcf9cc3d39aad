// Every change of the address by the server is a step for the browser's back button. That the address merely says, or says
// no more, which store is open or which board is being filled is none: nothing on the page changes with it.

/** Whether to go from one address to the other is no step. On the Boards page the board is what is looked at. */
function quiet(from, to) {
  if (from.pathname !== to.pathname) return false;
  const [now, next] = [new URLSearchParams(from.search), new URLSearchParams(to.search)];
  const unsaid = ["store"].filter((name) => !now.has(name) || !next.has(name));
  if (!from.pathname.endsWith("/boards")) unsaid.push("board");
  for (const one of [now, next]) {
    for (const name of unsaid) one.delete(name);
    one.sort();
  }
  return now.toString() === next.toString();
}

// A page that is entered by the menu opens as it was left in this tab: the menu's link leads to its last address.
const LEFT = "mpsr-left:";
const MENU = "a[data-testid=stTopNavLink], a[data-testid=stSidebarNavLink]";

/** Links to pages of the app that need not load it anew. */
const OPEN = "a.mpsr-open";

function remember() {
  try {
    sessionStorage.setItem(LEFT + location.pathname, location.search);
  } catch {
    // Storage is switched off or full: pages are then entered as new.
  }
}

/** The query with which a page was left, as it is to be entered now; "" where there is none. */
function left(path) {
  let kept;
  try {
    kept = new URLSearchParams(sessionStorage.getItem(LEFT + path) ?? "");
  } catch {
    return "";
  }
  const now = new URLSearchParams(location.search);
  const [then, store] = [kept.get("store"), now.get("store")];
  if (then && store && then !== store) return ""; // another catalogue is open meanwhile
  const board = now.get("board");
  if (path.endsWith("/boards") && kept.has("board") && kept.get("board") !== board) {
    kept.delete("page"); // the board that is looked at is the one being filled, and that is another now
    if (!board) kept.delete("board");
  }
  if (board && kept.has("board")) kept.set("board", board);
  else if (!path.endsWith("/boards")) kept.delete("board"); // the server says it again
  const asked = [...kept.keys()].some((name) => name !== "store" && (name !== "board" || path.endsWith("/boards")));
  return asked ? `?${kept}` : "";
}

/** A click on the menu goes to the page's last address, one on a product's picture to its page; each is one step. */
function enter(event) {
  const link = event.target.closest?.(`${MENU}, ${OPEN}`);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const { pathname, search } = new URL(link.href, location.href);
  const query = link.matches(OPEN) ? search : pathname === location.pathname ? "" : left(pathname);
  if (!query) return;
  event.preventDefault();
  event.stopPropagation();
  window.mpsrPush(null, "", pathname + query);
  window.dispatchEvent(new PopStateEvent("popstate", { state: null })); // Streamlit then runs the page of the address
}

/** Once a page load: steps that are none replace, and the address of each page is remembered. */
function listen() {
  if (window.mpsrAddressBar) return;
  window.mpsrAddressBar = true;
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  window.mpsrPush = push;
  history.pushState = (state, unused, url) => {
    if (url != null && quiet(new URL(location.href), new URL(url, location.href))) replace(state, unused, url);
    else push(state, unused, url);
    remember();
  };
  history.replaceState = (state, unused, url) => {
    replace(state, unused, url);
    remember();
  };
  window.addEventListener("popstate", remember);
  document.addEventListener("click", enter, true);
  remember();
}

export default function ({ data }) {
  listen();
  const here = new URL(location.href);
  const unsaid = Object.entries(data.names).filter(([name]) => !here.searchParams.has(name));
  if (!unsaid.length) return;
  for (const [name, value] of unsaid) here.searchParams.set(name, value);
  history.replaceState(history.state, "", here);
}
