// Small charts of the last minutes, drawn as SVG.

import { h } from "./dom.js";

const width = 240, height = 48;

// chart draws values, the latest at the right end; what wasn't measured is
// null and leaves a gap. It says in words what it shows.
export function chart(name, values, max, points, words) {
  const known = values.filter(v => v !== null);
  const top = Math.max(max, ...known) || 1;
  const x = i => width - (values.length - 1 - i) * width / (points - 1);
  const y = v => height - 1.5 - v / top * (height - 4);
  const parts = [];
  for (const run of runs(values)) {
    const line = run.map(i => x(i).toFixed(1) + " " + y(values[i]).toFixed(1)).join("L");
    parts.push(h("path.area", { d: `M${x(run[0]).toFixed(1)} ${height}L${line}L${x(run.at(-1)).toFixed(1)} ${height}Z` }));
    parts.push(h("path.line", { d: run.length > 1 ? "M" + line : `M${line}h0.1` }));
  }
  const said = known.length
    ? `${name}, the last ${Math.max(1, Math.round(values.length / 60))} min: now ${words(values.at(-1))}, at most ${words(Math.max(...known))}`
    : `${name}: nothing measured yet`;
  return h("svg.chart", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": said },
    h("line.ground", { x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }), parts);
}

// runs lists the stretches without a gap.
function runs(values) {
  const all = [];
  values.forEach((v, i) => {
    if (v === null) return;
    if (i > 0 && values[i - 1] !== null && all.length) all.at(-1).push(i);
    else all.push([i]);
  });
  return all;
}
