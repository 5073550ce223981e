// Makes the tables beside it, of what Node gives for expressions that the
// script engine has its own ideas of: node make.mjs (Node 20).
import { writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { runInNewContext } from "node:vm";

// text is a value as TestExact writes it.
const text = `(function (v) { return typeof v + " " + (Object.is(v, -0) ? "-0" : String(v)) })`;

function result(expression) {
  try {
    return runInNewContext(`${text}(${expression})`, {});
  } catch (e) {
    return "throws " + e.name;
  }
}

if (process.argv[2]) { // in a zone
  process.stdout.write(JSON.stringify(JSON.parse(process.argv[2]).map(result)));
  process.exit();
}

function table(name, expressions, zone) {
  const results = zone
    ? JSON.parse(execFileSync(process.execPath, [process.argv[1], JSON.stringify(expressions)], { env: { TZ: zone } }))
    : expressions.map(result);
  return expressions.map((e, i) => (zone ? zone + "\t" : "") + e + "\t" + results[i] + "\n").join("");
}

let seed = 12345;
const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 4294967296;

const numbers = [];
for (const n of ["1e21", "-1e21", "2**63", "-(2**63)", "2**64", "1e19", "1.5e19", "2**53", "4294967295.5", "-2147483649", "NaN", "-Infinity", "-0", "'1e21'", "[1e20]", "null", "9007199254740993"])
  for (const e of ["(X)|0", "0|(X)", "~(X)", "~~(X)", "(X)>>>0", "(X)<<1", "1<<(X)", "(X)>>1", "(X)&0xffffffff", "(X)^1", "(function(){var x=X;x|=0;return x})()",
    "(function(){var o={a:X};o.a>>>=0;return o.a})()", "(function(){var a=[X],i=0;a[i]^=5;return a[0]})()", "Math.imul(X,3)", "Math.clz32(X)", "String.fromCharCode(X).charCodeAt(0)"])
    numbers.push(e.replace("X", n));
for (let i = 0; i < 500; i++) {
  let v = (random() + 0.5) * 2 ** Math.floor(random() * 160 - 70) * (random() < 0.3 ? -1 : 1);
  if (random() < 0.3) v = Math.round(v * 1000) / 1000;
  numbers.push(`(${v}).toString(${2 + Math.floor(random() * 35)})`);
}
for (const r of [2, 3, 8, 16, 36])
  for (const v of ["1.7976931348623157e308", "5e-324", "1e21", "-0.74", "-1e-7", "0", "-0", "255", "NaN", "-Infinity", "0.1", "1/3"]) numbers.push(`(${v}).toString(${r})`);
numbers.push("(1).toString(1)", "(1).toString(37)", "(1).toString(undefined)", "(255).toString('16')", "new Number(-0.5).toString(2)", "Number.prototype.toString.call('1', 2)",
  "Number(2n**63n)", "Number(2n**64n)", "Number(-(2n**63n))", "Number(12345678901234567890n)", "Number(2n**53n+1n)", "Number(Object(2n**64n))", "new Number(2n**64n)+0", "Number(5n)",
  "Number('0x8000000000000000')", "Number('0XffffffffffffffffFF')", "Number(' 0b1 ')", "Number('0o17')", "Number('0x')", "Number('0x1g')", "Number('-0x1')", "Number('0x-1')", "Number('0x1_0')", "Number('\\u00a00x10')",
  "Number()", "Number('')", "Number('12')", "Number([5])", "Number.MAX_SAFE_INTEGER + 0 * 1n.toString().length", "new Number(1n) instanceof Number", "Number.prototype.constructor === Number || 1n", "[1n, 2n ** 64n].map(Number).join()",
  "[-0].includes(0)", "[-0].includes(-0)", "[0].includes(-0)", "[1, -0].includes(0, 1)", "[0].includes(0, 1)", "[NaN].includes(NaN)", "[,].includes(undefined)", "['0'].includes(0)", "'a0'.includes(0)", "[1].includes(1)", "Array.prototype.includes.call({length: 1, 0: -0}, 0)",
  "isNaN('\\u00a05')", "isNaN('\\ufeff 12\\u3000')", "isFinite('\\u00a05')", "isNaN('0x8000000000000000')", "isNaN('5\\u00e9')", "isNaN('')", "isNaN()", "isNaN('12')", "isNaN({})", "isFinite('x')",
  "'abc'.isWellFormed()", "'\\ud800'.isWellFormed()", "'\\ud83d\\ude00'.isWellFormed()", "'\\ude00\\ud83d'.isWellFormed()", "'a\\ud800b'.toWellFormed() === 'a\\ufffdb'", "'\\ud83d\\ude00'.toWellFormed() === '\\ud83d\\ude00'", "''.isWellFormed()", "String.prototype.isWellFormed.call(null)", "String.prototype.toWellFormed.call(12)", "''.isWellFormed.name + ''.toWellFormed.length",
  "Uint8Array.from('123').join()", "Float64Array.from('12', x => x * 2).join()", "Uint16Array.from('').length", "Uint8Array.from([1, 2]).join()", "Uint8Array.from(new Set([3])).join()", "Int8Array.from('a\\ud83d\\ude001').join()");
writeFileSync("numbers.txt", table("numbers", numbers));

const dates = [];
for (const d of ["2024-01-01", "2024-01-01T00:00:00z", "2024-01-01t00:00:00Z", "2024-01-01t10:00:00.5z", "+002024-01-01", "-000001-01-01", "+275760-09-13", "+275760-09-13T00:00:00.001Z", "-271821-04-20", "+010000-01-01T00:00:00Z", "10000-01-01",
  "2024-02-30", "2024-02-31", "2024-13-01", "2024-00-01", "2024-01-00", "2024-01-32", "2023-02-29", "2024-01-01T24:00:00", "2024-01-01T24:00:01", "2024-01-01T00:60Z", "2024-01-01T00:00+01:00", "1/2/2024", "12/31/99", "1/2/2024 10:00 PM", "1/32/2003", "0/1/2003", "1/0/2003", "2/30/2003",
  "Jan 2, 2024", "Jan 32, 2024", "2 Jan 2024", "Tue, 02 Jan 2024 10:00:00 GMT", "Tue Jan 02 2024 10:00:00 GMT+0100", "abc", "", "0001-01-01T00:00:00Z"])
  dates.push(`Date.parse('${d}')`, `new Date('${d}').toISOString()`);
for (const t of ["0", "-62167219200000", "-62167219200001", "253402300799999", "253402300800000", "8.64e15", "-8.64e15", "8.64e15+1", "-210866803200000", "NaN"])
  dates.push(`new Date(${t}).toISOString()`, `JSON.stringify(new Date(${t}))`, `new Date(${t}).toJSON()`);
for (const a of ["99,0", "100,0", "0,0", "-1,0", "275760,8,13", "275760,8,14", "2024,1,30", "2024,12,1", "2024,0,1,0,0,0,1e9", "2024.9,0.9", "NaN,0", "'2024','1'", "null,0", "undefined,0", "1970,0,1,0,0,0,-1", "10000,0,1", "{valueOf(){return 2024}},1"])
  dates.push(`new Date(${a}).getTime()`);
dates.push("new Date(2024).getTime()", "new Date(new Date(5)).getTime()", "new Date(undefined).getTime()", "new Date(null).getTime()", "new Date([2024]).getTime()", "new Date(new String('2024-01-01t00:00z')).getTime()", "typeof Date()", "typeof new Date().getTime()",
  "new Date(0) instanceof Date", "Date.prototype.constructor === Date", "new Date(0).constructor === Date", "Date.name + Date.length", "new (class extends Date { twice() { return this.getTime() * 2 } })(5).twice()", "Object.prototype.toString.call(new Date(0))", "Reflect.construct(Date, [5]).getTime()", "[1, 2].map(x => new Date(x)).length",
  "new Date(0).setHours()", "new Date(NaN).setHours(5)", "new Date(0).setHours('5', 6, 7, 8)", "Date.prototype.setHours.call({}, 1)", "new Date(0).setHours.length", "new Date(8.64e15).setMilliseconds(1)", "new Date(0).setDate({valueOf() { return 2 }})");
writeFileSync("dates.txt", table("dates", dates, "UTC"));

let zones = "";
for (const [zone, ...days] of [["Europe/Berlin", [2024, 3, 31], [2024, 10, 27], [1980, 4, 6]], ["America/New_York", [2024, 3, 10], [2024, 11, 3]], ["Australia/Lord_Howe", [2024, 4, 7], [2024, 10, 6]], ["Pacific/Apia", [2011, 12, 30]], ["America/Sao_Paulo", [2018, 11, 4], [2018, 2, 17]], ["Asia/Kathmandu", [1986, 1, 1]]]) {
  const list = [];
  for (const [y, m, d] of days)
    for (const [h, mi] of [[0, 0], [0, 30], [1, 0], [1, 45], [2, 0], [2, 30], [3, 0], [23, 30]]) {
      const two = (n) => String(n).padStart(2, "0");
      list.push(`new Date(${y},${m - 1},${d},${h},${mi}).getTime()`, `Date.parse('${y}-${two(m)}-${two(d)}T${two(h)}:${two(mi)}')`, `new Date('${m}/${d}/${y} ${h}:${two(mi)}').getTime()`,
        `Date.parse('${y}-${two(m)}-${two(d)}T${two(h)}:${two(mi)}Z')`, `new Date('${y}-${two(m)}-${two(d)}T${two(h)}:${two(mi)}+02:00').getTime()`,
        `(function(){var x=new Date(${y},${m - 1},${d},12);return x.setHours(${h},${mi})})()`, `(function(){var x=new Date(${y},${m - 1},${d - 1},${h},${mi});return x.setDate(${d})})()`,
        `(function(){var x=new Date(${y},${m - 1},${d},${h},${mi});return x.setMinutes(x.getMinutes()+60)})()`, `(function(){var x=new Date(${y - 1},${m - 1},${d},${h},${mi});return x.setFullYear(${y})})()`);
    }
  zones += table("zones", list, zone);
}
writeFileSync("zones.txt", zones);
