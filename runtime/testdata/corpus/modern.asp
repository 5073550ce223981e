Pages that are written today, beside what is old.

=== classes and what came with them
<%@ Language="JavaScript" %><%
class Shape { #n; static count = 0; constructor(n) { this.#n = n; Shape.count++ } get name() { return this.#n } area() { return 0 } toString() { return `${this.name}: ${this.area()}` } }
class Square extends Shape { constructor(a) { super("square"); this.a = a } area() { return this.a ** 2 } }
const shapes = [new Square(2), new Shape("point")], { a = 5, ...others } = { b: 1, c: 2 }, [x, , z = 9] = [1, 2]
Session("count") = Shape.count
let total = 0; for (const s of shapes) total += s.area()
%><%= shapes.join("; ") %> <%= a %> <%= Object.keys(others) %> <%= x + z %> <%= total %> <%= Session("count") %> <%= shapes?.[7]?.name ?? "none" %> <%= [...new Set([1, 1, 2])].length %> <%= Object.fromEntries(new Map([["k", 1]])).k %>
-- want --
square: 4; point: 0 5 b,c 10 4 2 none 2 1
=== generators, tags, big numbers
<%@ Language="JavaScript" %><%
function* ids() { let i = 0; while (true) { const back = yield ++i; if (back) i = back } }
const html = (parts, ...values) => parts.reduce((s, p, i) => s + Server.HTMLEncode(values[i - 1] ?? "") + p)
const it = ids(); it.next()
Session("id") = it.next().value
%><%= html`<b>${"<x>"}</b> ${1 + 1}` %> <%= Session("id") %> <%= it.next(40).value %> <%= 2n ** 64n %> <%= String.raw`a\n${1}` %> <%= 1_000 %> <%= "abc".at(-1) %> <%= [3, 1].toSorted?.() ?? [3, 1].sort() %>
-- want --
<b>&lt;x&gt;</b> 2 2 41 18446744073709551616 a\n1 1000 c 1,3
=== waiting at the top level
<%@ Language="JavaScript" %><%
const later = (ms, v) => new Promise(r => setTimeout(() => r(v), ms))
var names = []
for (const n of [later(2, "a"), later(1, "b")]) names.push(await n)
Session("n") = await later(1, names.length)
var both = await Promise.all([later(2, "x"), later(1, "y")])
try { await Promise.reject(new Error("no")) } catch (e) { names.push(e.message) }
%><%= names.join() %> <%= Session("n") %> <%= both %> <%= await later(1, "end") %> <% if (Session("n") > 1) { %>many<% } %>
-- want --
a,b,no 2 x,y end many
=== without waiting, to the end
<%@ Language="JavaScript" %><%
var await = "a name", log = [], t = setInterval(function () { if (log.push("tick") == 3) { clearInterval(t); Response.Write(" " + log) } }, 1);
setTimeout(function (a) { Application("late") = a }, 2, "late"); clearTimeout(setTimeout(function () { Response.Write("never") }, 0))
Promise.resolve(1).then(v => Response.Write(" promise " + v)).finally(() => log.push("finally"))
async function f() { Session("f") = await 5; Response.Write(" f" + Session("f")) } f();
%><%= await %>
-- want --
a name
 promise 1 f5 finally,tick,tick
=== modules
<%@ Language="JavaScript" %><%
const { format } = require("./lib/format"), data = require("./lib/data.json"), cart = require("cart");
cart.add("lamp"); cart.add("rug")
%><%= format(data.price) %> <%= cart.list() %> <%= require("cart") === cart %> <%= Session("cart") %> <%= typeof module %><%= typeof exports %>
<% try { require("./lib/none") } catch (e) { %><%= e.message.indexOf("none") > 0 || e.name %><% } %>
-- lib/format.js --
const { currency } = require("./settings");
exports.format = n => n.toFixed(2) + " " + currency;
-- lib/settings.js --
module.exports = { currency: "EUR" };
-- lib/data.json --
{ "price": 19.5 }
-- node_modules/cart/package.json --
{ "name": "cart", "main": "src/main.js" }
-- node_modules/cart/src/main.js --
var list = [];
exports.add = function (x) { list.push(x); Session("cart") = list.join("+") };
exports.list = function () { return list };
-- want --
19.50 EUR lamp,rug True lamp+rug undefinedundefined
True
=== old and new in one page
<%@ Language=JScript %>
<script runat=server>
async function load(id) { return { id, name: `item ${id}` } }
</script>
<% function show(o) { with (o) { %><li><%= id %>: <%= name %></li><% } } %>
<% for (var e = new Enumerator(Request.QueryString("id")), all = []; !e.atEnd(); e.moveNext()) all.push(load(e.item()));
for (const o of await Promise.all(all)) show(o);
Session("last") = Request.QueryString("id")(Request.QueryString("id").Count); [...Request.QueryString("id")].forEach((id, i) => Application("id" + i) = id) %>
<%= Session("last") %> <%= Application("id0") %> <%= `${Request.QueryString("id")}` %> <%: Request.QueryString("html") %>
-- request --
GET /page.asp?id=1&id=2&html=%3Cb%3E
-- want --



<li>1: item 1</li><li>2: item 2</li>
2 1 1, 2 &lt;b&gt;
