// Photos stay in the visitor's own tab: after a reload the page asks for those of its address, and the tab has them.
const KEY = "mpsr-photos";

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

export default function ({ data, setTriggerValue }) {
  const known = stored();
  if (Object.keys(data.keep).length) {
    const all = Object.entries({ ...known, ...data.keep }).slice(-data.at_most);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(all)));
    } catch {
      // Storage is switched off or full: a reload then loses the photo, and the page says so.
    }
  }
  const found = Object.fromEntries(data.wanted.filter((name) => name in known).map((name) => [name, known[name]]));
  if (Object.keys(found).length) setTriggerValue("back", found);
}
