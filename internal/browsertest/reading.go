package browsertest

// Nameless lists what somebody who doesn't see the page couldn't tell apart, a
// line each: controls without a name, tables without a caption or scopes,
// headings that skip a level, regions without a name, the same id twice. ""
// if there is nothing. The page must have header, main, footer and nav, be in
// English, and have a place with the role "status" that says politely what came
// of an action.
func (w *Window) Nameless() string {
	w.tb.Helper()
	return w.Text(nameless)
}

const nameless = `(() => {
	const wrong = [], show = e => e.outerHTML.slice(0, 120);
	const seen = [...document.querySelectorAll("body *")].filter(e => e.checkVisibility());
	const text = e => (e.getAttribute("aria-label") ?? (e.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean)
		.map(id => document.getElementById(id)?.textContent ?? "").join(" ")) || (e.labels?.[0] ?? e).textContent;
	for (const e of seen) {
		if (e.matches("button, a[href], input, select, summary, [role=img], [role=region], nav, section, dialog") && !text(e).trim()) wrong.push("no name: " + show(e));
		if (e.matches("table") && !e.caption?.textContent.trim()) wrong.push("no caption: " + show(e));
		if (e.matches("th") && !e.scope) wrong.push("no scope: " + show(e));
		if (e.matches("th") && !e.textContent.trim()) wrong.push("an empty head: " + show(e));
		if (e.matches("img") && !e.hasAttribute("alt")) wrong.push("no alt: " + show(e));
		if (e.matches("[tabindex]") && e.tabIndex > 0) wrong.push("an order of its own: " + show(e));
	}
	let level = 0;
	for (const e of seen.filter(e => e.matches("h1, h2, h3, h4, h5") && !e.closest("dialog"))) {
		const next = Number(e.tagName[1]);
		if (next > level + 1) wrong.push("a level left out: " + show(e));
		level = next;
	}
	if (seen.filter(e => e.tagName === "H1").length !== 1) wrong.push("not one title");
	for (const landmark of ["header", "main", "footer", "nav"]) {
		if (!document.querySelector(landmark)) wrong.push("no " + landmark);
	}
	const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
	wrong.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map(id => "twice: " + id));
	if (document.querySelector("[role=status]")?.getAttribute("aria-live") !== "polite") wrong.push("results aren't said");
	if (document.documentElement.lang !== "en") wrong.push("no language");
	return wrong.join("\n");
})()`

// TooFaint lists texts whose colour stands out too little from what is behind
// them, a line each: less than 4.5 : 1, or 3 : 1 for large text; and marks,
// lines of charts and edges of controls that do by less than 3 : 1. "" if
// there is nothing. (WCAG 2.2, 1.4.3 and 1.4.11)
func (w *Window) TooFaint() string {
	w.tb.Helper()
	return w.Text(tooFaint)
}

const tooFaint = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
	const rgba = colour => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = colour;
		canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data];
	};
	const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
		.map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = e => {
		for (; e; e = e.parentElement) {
			const colour = rgba(getComputedStyle(e).backgroundColor);
			if (colour[3] === 255) return colour;
		}
		return [255, 255, 255];
	};
	const faint = new Map();
	const check = (e, colour, ground, least, what) => {
		const [a, b] = [light(rgba(colour)), light(ground)].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < least) faint.set(e.tagName + "." + (e.getAttribute("class") ?? ""), ratio.toFixed(2) + " " + what);
	};
	for (const e of document.querySelectorAll("body *")) {
		if (!e.checkVisibility()) continue;
		const style = getComputedStyle(e), size = parseFloat(style.fontSize);
		if (e.matches("button, input")) check(e, style.borderTopColor, behind(e.parentElement), style.backgroundColor === style.borderTopColor ? 1 : 3, "edge");
		if (e.matches(".chart .line")) check(e, style.stroke, behind(e.closest(".card, tr, table")), 3, "line");
		if (e.matches(".mark")) check(e, style.borderLeftColor, behind(e.parentElement), 3, "mark");
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
		check(e, style.color, behind(e), size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5, e.textContent.trim().slice(0, 30));
	}
	return [...faint].map(pair => pair.join(": ")).join("\n");
})()`
