<% (function () {
// Describes everything that a page can reach, and poisons it on request:
//
//   world.asp               the description
//   world.asp?poison=HOW    poisons, then ends as it likes
//   world.asp?poison=HOW&after=1   and describes what it left behind
//
// Everything needed afterwards is taken beforehand, since nothing keeps its
// meaning. The names of JScript's library are here so that it is set up:
// Error( RegExp. getYear toGMTString getVarDate toLocaleString .bold( Promise async
var take = {
  ownKeys: Reflect.ownKeys, describe: Reflect.getOwnPropertyDescriptor, prototypeOf: Reflect.getPrototypeOf,
  setPrototype: Reflect.setPrototypeOf, define: Reflect.defineProperty, remove: Reflect.deleteProperty,
  set: Reflect.set, seal: Reflect.preventExtensions, extensible: Reflect.isExtensible, apply: Reflect.apply,
  freeze: Object.freeze, text: Function.prototype.toString, tag: Object.prototype.toString,
  push: Array.prototype.push, has: Map.prototype.has, get: Map.prototype.get, put: Map.prototype.set,
  symbolText: Symbol.prototype.toString, Map: Map, str: String, write: Response.Write, same: Object.is, global: globalThis,
  log: console.log
};
var builtins = ["Object", "Function", "Array", "String", "Number", "BigInt", "RegExp", "Date", "Boolean", "Proxy", "Reflect", "Error",
  "AggregateError", "TypeError", "ReferenceError", "SyntaxError", "RangeError", "EvalError", "URIError", "GoError", "eval", "Math", "JSON",
  "ArrayBuffer", "DataView", "Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array", "Int8Array", "Int16Array", "Int32Array",
  "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "Symbol", "WeakSet", "WeakMap", "Map", "Set", "Promise",
  "isNaN", "parseInt", "parseFloat", "isFinite", "decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent", "escape", "unescape"];
var hosts = ["Response", "Request", "Server", "Session", "Application", "console", "ObjectContext", "Enumerator",
  "ActiveXObject", "VBArray", "ScriptEngine", "ScriptEngineMajorVersion", "ScriptEngineMinorVersion",
  "ScriptEngineBuildVersion", "GetObject", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "require"];

// roots are objects that no name leads to.
function roots() {
  var list = [["globalThis", take.global]];
  function add(name, make) { var v; try { v = make(); } catch (e) { v = e; } list[list.length] = [name, v]; }
  for (var i = 0; i < hosts.length; i++) add(hosts[i], function () { return take.global[hosts[i]]; });
  for (i = 0; i < builtins.length; i++) add(builtins[i], function () { return take.global[builtins[i]]; });
  add("array iterator", function () { return [][Symbol.iterator](); });
  add("map iterator", function () { return new Map()[Symbol.iterator](); });
  add("set iterator", function () { return new Set()[Symbol.iterator](); });
  add("string iterator", function () { return ""[Symbol.iterator](); });
  add("match iterator", function () { return "x".matchAll(/x/g); });
  add("generator", function () { return (function* () {})(); });
  add("generator function", function () { return function* () {}; });
  add("async function", function () { return async function () {}; });
  add("arrow", function () { return () => 1; });
  add("class", function () { return class A { static s() {} m() {} }; });
  add("bound", function () { return (function () {}).bind(null); });
  add("arguments", function () { return (function () { return arguments; })(); });
  add("literal regexp", function () { return /literal(x)/g; });
  add("template", function () { return (function (s) { return s; })`a${1}b`; });
  add("thrown", function () { try { null.x } catch (e) { delete e.stack; return e; } });
  add("host error", function () { try { Response.Redirect("") } catch (e) { delete e.stack; return e; } });
  add("no member", function () { try { Response.None } catch (e) { delete e.stack; return e; } });
  add("promise", function () { return Promise.resolve(1); });
  add("enumerator", function () { return new Enumerator([1]); });
  add("cookie", function () { return Response.Cookies("poison"); });
  add("item", function () { return Request.QueryString("none"); });
  add("last error", function () { return Server.GetLastError(); });
  add("typed", function () { return new Uint8Array(1); });
  return list;
}

// unsteady are values that differ from one request to the next.
var unsteady = {"Session.SessionID": 1, "Request.QueryString": 1, "Response.Expires": 1};

// walk calls visit for everything reachable, by the shortest way.
function walk(visit) {
  var seen = new take.Map(), queue = roots(), at = 0;
  function reach(path, v) {
    if (v === null || typeof v != "object" && typeof v != "function") return;
    if (take.apply(take.has, seen, [v])) return;
    take.apply(take.put, seen, [v, path]);
    queue[queue.length] = [path, v];
  }
  var first = queue; queue = [];
  for (var i = 0; i < first.length; i++) reach(first[i][0], first[i][1]);
  while (at < queue.length) {
    var path = queue[at][0], v = queue[at][1]; at++;
    if (unsteady[path]) continue;
    visit(path, v, function (x) { return name(seen, x); }, reach);
  }
}

function name(seen, x) {
  if (x !== null && (typeof x == "object" || typeof x == "function")) {
    var p = take.apply(take.get, seen, [x]);
    return p === undefined ? "{unreached}" : "{" + p + "}";
  }
  if (typeof x == "symbol") return take.apply(take.symbolText, x, []);
  if (take.same(x, -0)) return "-0";
  return typeof x + ":" + take.str(x);
}

function keyName(k) { return typeof k == "symbol" ? "@" + take.apply(take.symbolText, k, []) : k; }

function describe() {
  var lines = [];
  walk(function (path, v, ref, reach) {
    var line = path + " " + typeof v;
    try { line += " " + take.apply(take.tag, v, []); } catch (e) { line += " untagged"; }
    if (typeof v == "function") try { line += " " + take.apply(take.text, v, []); } catch (e) { line += " textless"; }
    try { line += take.extensible(v) ? "" : " fixed"; var p = take.prototypeOf(v); reach(path + ".<proto>", p); line += " proto=" + ref(p); } catch (e) { line += " protoless"; }
    var keys = [];
    try { keys = take.ownKeys(v); } catch (e) { line += " keyless"; }
    for (var i = 0; i < keys.length; i++) {
      var k = keys[i], d;
      try { d = take.describe(v, k); } catch (e) { line += "\n  " + keyName(k) + " fails"; continue; }
      if (!d) { line += "\n  " + keyName(k) + " absent"; continue; }
      var sub = path + "." + keyName(k);
      if (unsteady[sub]) continue;
      line += "\n  " + keyName(k) + " " + (d.writable ? "w" : "") + (d.enumerable ? "e" : "") + (d.configurable ? "c" : "");
      if ("value" in d) { reach(sub, d.value); line += "=" + ref(d.value); }
      if (d.get) { reach(sub + "<get>", d.get); line += " get=" + ref(d.get); }
      if (d.set) { reach(sub + "<set>", d.set); line += " set=" + ref(d.set); }
    }
    lines[lines.length] = line;
  });
  for (var i = 0; i < lines.length; i++) take.write(lines[i] + "\n");
}

// The ways to poison one object, each as far as it can.
var poisons = {
  replace: function (v) {
    each(v, function (k) { take.set(v, k, poison); });
  },
  define: function (v) {
    each(v, function (k) { take.define(v, k, {value: poison, writable: false, configurable: false, enumerable: true}); });
    take.define(v, "poisoned", {get: poison, set: poison, configurable: false, enumerable: true});
  },
  remove: function (v) { each(v, function (k) { take.remove(v, k); }); },
  freeze: function (v) { take.set(v, "poisoned", 1); take.freeze(v); },
  prototype: function (v) { take.setPrototype(v, poisonPrototype); take.seal(v); },
  grow: function (v) { take.set(v, "poisoned", poison); take.set(v, take.sign, poison); take.set(v, "0", poison); take.set(v, "then", poison); take.set(v, "toJSON", poison); }
};
function poison() { return "poisoned"; }
var poisonPrototype = {poisoned: true};
function each(v, f) {
  var keys; try { keys = take.ownKeys(v); } catch (e) { return; }
  for (var i = 0; i < keys.length; i++) try { f(keys[i]); } catch (e) {}
}

var how = String(Request.QueryString("poison"));
if (how == "undefined") {
  describe();
} else {
  take.sign = Symbol.for("poison");
  implicit = "poisoned"; eval("var evaluated = 'poisoned'"); this.property = "poisoned";
  /literal(x)/g.exec("literalx"); RegExp.prototype.exec.call(/literal(x)/g, "literalx");
  Response.Cookies("poison") = "poisoned"; Response.LCID = 1031; Response.CodePage = 1252; Response.AddHeader("X-Poison", "1"); Server.ScriptTimeout = 30; Response.Charset = "poison";
  var all = []; walk(function (path, v, ref, reach) {
    each(v, function (k) { var d = take.describe(v, k); if (d) { if ("value" in d) reach(path + "." + keyName(k), d.value); reach("g", d.get); reach("s", d.set); } });
    try { reach(path + ".<proto>", take.prototypeOf(v)); } catch (e) {}
    all[all.length] = v;
  });
  var after = String(Request.QueryString("after")) == "1";
  if (!after) Promise.resolve().then(function () { Object.prototype.leaked = "by a job"; });
  if (!after) setTimeout(function () { Object.prototype.leaked = "by a timer"; }, 0);
  for (var i = 0; i < all.length; i++) try { poisons[how](all[i]); } catch (e) {}
  if (after) describe();
  if (how == "grow") take.log("the log panics"); // leaves the page by a Go panic, with jobs in the queue
}
}).call(this);
if (Request.QueryString("poison") != "undefined") { var declared = "poisoned"; let lexical = "poisoned"; const constant = "poisoned"; } %>
