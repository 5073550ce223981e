// Sends slow requests and draws when each waited and ran. Windows tell each
// other what they do, so that every window shows the requests of all.
const chart = document.getElementById("chart");
const buttons = document.getElementById("turns");
const others = new BroadcastChannel("naja-turns");
const mine = crypto.randomUUID?.() ?? String(Math.random());
let batch = new Map(), origin = 0, numbered = 0;

buttons.hidden = false;
buttons.addEventListener("click", event => {
  const { to, kind } = event.target.dataset;
  if (!to) return;
  for (let i = 0; i < 3; i++) send(to, kind);
});

async function send(to, kind) {
  const request = { id: `${mine}-${++numbered}`, from: mine, kind, sent: Date.now() };
  tell(request);
  try {
    // Browsers hold back a second request for the same address: make it another.
    const answer = await fetch(`${to}?n=${numbered}`, { cache: "no-store" });
    tell({ ...request, done: Date.now(), ...await answer.json() });
  } catch (e) {
    tell({ ...request, done: Date.now(), failed: e.message });
  }
}

function tell(request) {
  others.postMessage(request);
  show(request);
}
others.onmessage = event => show(event.data);

// show draws a request; the first one after all had ended clears the chart.
function show(request) {
  const known = batch.get(request.id);
  if (!known && [...batch.values()].every(r => r.done)) {
    batch = new Map();
    origin = request.sent;
    chart.replaceChildren();
  }
  batch.set(request.id, { ...request, row: known?.row ?? newRow() });
  draw();
}

function newRow() {
  const row = document.createElement("div");
  const label = document.createElement("span");
  const bar = document.createElement("span");
  bar.className = "bar";
  bar.append(document.createElement("i"), document.createElement("b"));
  row.append(label, bar);
  chart.append(row);
  return row;
}

function draw() {
  const all = [...batch.values()];
  const end = Math.max(4000, ...all.map(r => (r.done ?? r.sent) - origin));
  const percent = ms => `${(100 * ms) / end}%`;
  for (const r of all) {
    const [label, bar] = r.row.children, [waits, runs] = bar.children;
    const ran = r.ran ?? 0;
    const waited = r.waited ?? (r.done ?? Date.now()) - r.sent;
    const began = Math.max(r.sent, (r.done ?? 0) - ran - waited);
    waits.style.marginInlineStart = percent(began - origin);
    waits.style.width = percent(waited);
    runs.style.width = percent(ran);
    r.row.classList.toggle("other", r.from !== mine);
    r.row.classList.toggle("open", !r.done);
    const says = text(r);
    if (label.textContent !== says) label.textContent = says;
  }
  if (all.some(r => !r.done)) requestAnimationFrame(draw);
}

function text(r) {
  const who = (r.kind === "session" ? "session" : "no session") +
    (r.from === mine ? "" : ", other window");
  if (r.failed) return `${who}: ${r.failed}`;
  if (!r.done) return `${who}: no answer yet`;
  return `${who}: waited ${(r.waited / 1000).toFixed(1)} s, ran ${(r.ran / 1000).toFixed(1)} s`;
}
