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

/** Once a page load: steps that are none replace. */
function listen() {
  if (window.mpsrAddressBar) return;
  window.mpsrAddressBar = true;
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, url) => {
    if (url != null && quiet(new URL(location.href), new URL(url, location.href))) history.replaceState(state, unused, url);
    else push(state, unused, url);
  };
}

export default function ({ data }) {
  listen();
  const here = new URL(location.href);
  const unsaid = Object.entries(data.names).filter(([name]) => !here.searchParams.has(name));
  if (!unsaid.length) return;
  for (const [name, value] of unsaid) here.searchParams.set(name, value);
  history.replaceState(history.state, "", here);
}
