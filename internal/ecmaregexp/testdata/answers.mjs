// answers.mjs says what this Node's RegExp makes of the cases on its standard
// input: a line of JSON each, [pattern, flags, text]. Its answers are lines,
// too: what exec finds from one end of the text to the other, then what it
// finds at each of the first places alone, as begins and ends of groups; or the
// message of the error.
import readline from "node:readline";

const groups = (m) => (m ? m.indices.map((x) => (x ? x.join() : "-")).join(" ") : "");
const expired = Date.now() + 600_000;

export function answer(pattern, flags, text) {
	let all, at;
	try {
		new RegExp(pattern, flags);
		all = new RegExp(pattern, flags.replace(/[gyd]/g, "") + "dg");
		at = new RegExp(pattern, flags.replace(/[gyd]/g, "") + "dy");
	} catch (e) {
		return e.message.replace(/\n/g, "\\n").replace(/\r/g, "\\r");
	}
	const out = [];
	for (let n = 0; n < 12; n++) {
		const m = all.exec(text);
		out.push(groups(m));
		if (!m) break;
		if (m[0] === "") all.lastIndex++;
	}
	out.push("@");
	for (let i = 0; i <= text.length && i < 8; i++) {
		at.lastIndex = i;
		out.push(groups(at.exec(text)));
	}
	return out.join(";");
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split("/").pop())) {
	process.stderr.write(`Node ${process.versions.node}, V8 ${process.versions.v8}, Unicode ${process.versions.unicode}\n`);
	const out = [];
	for await (const line of readline.createInterface({ input: process.stdin })) {
		out.push(answer(...JSON.parse(line)));
		if (Date.now() > expired) throw new Error("too slow");
	}
	process.stdout.write(Buffer.from(out.join("\n") + "\n", "utf8"));
}
