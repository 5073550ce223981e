// Numbers and times as people read them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 });

// count writes a number of things.
export const count = n => whole.format(n ?? 0);

// rate writes a number that is one of many in a second.
export const rate = n => n === null || n === undefined ? "–" : n >= 100 || n === 0 ? whole.format(n) : fine.format(n);

// seconds writes how long something takes or took.
export function seconds(s) {
  if (s === null || s === undefined) return "–";
  if (s < 0.0005) return s > 0 ? "< 1 ms" : "0 s";
  if (s < 1) return whole.format(s * 1000) + " ms";
  if (s < 60) return fine.format(s) + " s";
  return long(s);
}

// long writes a time of which only the two greatest parts matter.
export function long(s) {
  s = Math.floor(s);
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min " + s % 60 + " s";
  if (s < 86400) return Math.floor(s / 3600) + " h " + Math.floor(s % 3600 / 60) + " min";
  return Math.floor(s / 86400) + " d " + Math.floor(s % 86400 / 3600) + " h";
}

// bytes writes an amount of memory.
export function bytes(n) {
  if (!n) return "0 B";
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (n < 1000 || unit === "GB") return (n < 10 && unit !== "B" ? fine : whole).format(n) + " " + unit;
    n /= 1000;
  }
}

// some writes a number with its noun.
export const some = (n, one, more = one + "s") => count(n) + " " + (n === 1 ? one : more);

// moment writes a point in time: today's without the day.
export function moment(text) {
  const at = new Date(text);
  if (!text || Number.isNaN(at.valueOf())) return "–";
  const clock = at.toLocaleTimeString("en-GB");
  if (at.toDateString() === new Date().toDateString()) return clock;
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "short" }) + " " + clock;
}
