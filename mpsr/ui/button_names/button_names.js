// Cards come and go with every run of the page, and a button's text may change: the whole page is watched.
const CARDS = '[class*="st-key-card-"]';

function nameAll() {
  for (const card of document.querySelectorAll(CARDS)) {
    const name = card.querySelector("[data-name]")?.dataset.name;
    if (!name) continue;
    for (const button of card.querySelectorAll('button[data-testid^="stBaseButton"]')) {
      const text = button.querySelector("[data-testid=stMarkdownContainer]") ?? button; // without its icon
      const label = `${text.innerText.trim()}: ${name}`;
      if (button.closest(CARDS) === card && button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
    }
    for (const box of card.querySelectorAll('[data-testid=stCheckbox] input')) {
      const label = `${box.closest("label").innerText.trim()}: ${name}`;
      if (box.closest(CARDS) === card && box.getAttribute("aria-label") !== label) box.setAttribute("aria-label", label);
    }
  }
}

export default function () {
  if (!window.mpsrNames) {
    let frame = null;
    window.mpsrNames = new MutationObserver(() => {
      frame ??= requestAnimationFrame(() => { frame = null; nameAll(); });
    });
    window.mpsrNames.observe(document.body, { childList: true, subtree: true, characterData: true });
  }
  nameAll();
}
