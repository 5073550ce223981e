// Making elements, and bringing what is shown to what should be shown. Texts
// become text nodes and nothing here reads markup: what a visitor or a page
// wrote can't become a part of the console.

const drawn = new Set(["svg", "path", "line", "circle", "rect", "g"]);

// h makes an element: a name with classes ("td.number"), attributes, children.
// An attribute that is false, null or undefined isn't there.
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = drawn.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  if (classes.length) made.setAttribute("class", classes.join(" "));
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false && c !== ""));
  return made;
}

// morph makes live look like want and touches nothing else, so that focus,
// selection, scrolling and what the user opened stay. Children with a data-key
// are found again by it; what is marked data-own looks after itself.
export function morph(live, want) {
  attributes(live, want);
  if (live.hasAttribute("data-own")) return;
  let at = live.firstChild;
  for (const next of [...want.childNodes]) {
    const same = find(at, next);
    if (!same) {
      live.insertBefore(next, at);
      continue;
    }
    while (at !== same) at = drop(at);
    if (same.nodeType === Node.TEXT_NODE) {
      if (same.data !== next.data) same.data = next.data;
    } else if (!same.isEqualNode(next)) {
      morph(same, next);
    }
    at = same.nextSibling;
  }
  while (at) at = drop(at);
}

// find looks from a node on for the one that is to become next.
function find(at, next) {
  const key = keyOf(next);
  if (key === null) {
    return at && at.nodeName === next.nodeName && keyOf(at) === null ? at : null;
  }
  while (at && keyOf(at) !== key) at = at.nextSibling;
  return at;
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null;
}

// drop removes a node and gives the one after it. One that has the focus stays,
// marked as gone, until the user leaves it.
function drop(node) {
  const next = node.nextSibling;
  if (node.nodeType === Node.ELEMENT_NODE && node.contains(document.activeElement)) {
    node.classList.add("gone");
    for (const button of node.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    return next;
  }
  node.remove();
  return next;
}

function attributes(live, want) {
  for (const { name } of [...live.attributes]) {
    const users = name === "open" && live.nodeName === "DETAILS";
    if (!users && !want.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const { name, value } of want.attributes) {
    const users = name === "open" && live.nodeName === "DETAILS";
    if (!users && live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
}
