/* Similar items on any page, without a library:

     <div data-mpsr-similar="1005" data-link="/p/{id}"></div>
     <script src="https://api.shop.example/v1/similar.js" async></script>

   Attributes of the div: data-k (how many, 5), data-link (address of a product's page), data-title, data-token, and
   data-rules="false", data-clicks="false". With data-events="/shop-events" what was shown and clicked is sent there, in
   the body that POST /v1/events takes; the shop passes it on with a token that may write. The MPSR server must name the page's site with --allow-origin. */
(() => {
  "use strict";
  const base = new URL(".", document.currentScript.src);

  const made = (tag, style, text) => {
    const element = document.createElement(tag);
    Object.assign(element.style, style);
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const ask = (path, token) =>
    fetch(new URL(path, base), token ? { headers: { Authorization: `Bearer ${token}` } } : {}).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
      return answer;
    });

  /* A picture that needs a token is fetched: an address in <img> carries none. */
  const picture = async (item, token) => {
    const image = made("img", { width: "100%", aspectRatio: "3 / 4", objectFit: "contain" });
    image.alt = item.name || item.id;
    image.loading = token ? "eager" : "lazy";
    const path = `pictures/${encodeURIComponent(item.id)}`;
    image.src = token ? URL.createObjectURL(await (await ask(path, token)).blob()) : new URL(path, base).href;
    return image;
  };

  /* The session is a random number of this tab, forgotten with it. */
  const session = () => {
    const known = sessionStorage.getItem("mpsr-session") || crypto.randomUUID();
    sessionStorage.setItem("mpsr-session", known);
    return known;
  };

  const tell = (place, kind, answer, items) => {
    const events = items.map((item) => ({
      id: crypto.randomUUID(), kind, session: session(), product: item.id, time: Date.now() / 1000, arm: item.arm,
      query: place.dataset.mpsrSimilar, position: answer.neighbours.indexOf(item) + 1, snapshot: answer.snapshot,
    }));
    navigator.sendBeacon(place.dataset.events, new Blob([JSON.stringify({ events })], { type: "application/json" }));
  };

  const entry = async (item, link, token) => {
    const one = made("li", { flex: "0 0 9rem", minWidth: "0" });
    const inside = made(link ? "a" : "div", { color: "inherit", textDecoration: "none", display: "block" });
    if (link) inside.href = link.replace("{id}", encodeURIComponent(item.id));
    if (item.picture) inside.append(await picture(item, token));
    inside.append(made("span", { display: "block", overflowWrap: "anywhere" }, item.name || item.id));
    one.append(inside);
    one.dataset.product = item.id;
    return one;
  };

  const show = async (place) => {
    const { mpsrSimilar: product, k = "5", link, title, token, rules, clicks, events } = place.dataset;
    const query = new URLSearchParams({ k, hide_variants: "true" });
    if (rules === "false") query.set("rules", "false");
    if (clicks === "false") query.set("clicks", "false");
    if (events) query.set("session", session());
    const answer = await (await ask(`products/${encodeURIComponent(product)}/similar?${query}`, token)).json();
    const list = made("ul", { display: "flex", gap: "1rem", overflowX: "auto", listStyle: "none", margin: "0", padding: "0" });
    list.setAttribute("aria-label", title || "Similar items");
    list.append(...(await Promise.all(answer.neighbours.map((item) => entry(item, link, token)))));
    place.replaceChildren(...(title ? [made("h2", {}, title)] : []), list);
    place.dataset.mpsrState = "shown";
    if (!events) return;
    tell(place, "view", answer, answer.neighbours);
    list.addEventListener("click", (click) => {
      const one = click.target.closest("li");
      if (one) tell(place, "click", answer, answer.neighbours.filter((item) => item.id === one.dataset.product));
    });
  };

  const start = () =>
    document.querySelectorAll("[data-mpsr-similar]").forEach((place) =>
      show(place).catch((error) => {
        place.dataset.mpsrState = "failed"; // the page does without
        console.warn(`Similar items of ${place.dataset.mpsrSimilar}: ${error.message}`);
      }),
    );

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
