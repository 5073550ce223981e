require: modules below the root.

=== by path, by package, JSON
<% var a = require("./lib/a"), b = require("./lib/a.js"), p = require("pkg"), i = require("pkg/inner"), d = require("/data.json"), f = require("./lib") %><%= a.name %> <%= a === b %> <%= p.main %> <%= i %> <%= d.list[1] %> <%= f.index %> <%= typeof require("./lib/a").none %>
-- lib/a.js --
exports.name = "a of " + require("./b").name;
-- lib/b.js --
module.exports = { name: __filename + " in " + __dirname };
-- lib/index.js --
exports.index = true;
-- node_modules/pkg/package.json --
{"main": "./src/m"}
-- node_modules/pkg/src/m.js --
this.main = "pkg";
-- node_modules/pkg/inner.js --
module.exports = "inner";
-- data.json --
{"list": [1, "two"]}
-- want --
a of lib/b.js in lib True pkg inner two True undefined
=== from a page in a folder
<% %>
-- shop/page.asp --
<%= require("./price").net %> <%= require("../tax") %> <%= require("/tax") %>
<!--#include virtual="/inc/x.inc"-->
-- shop/price.js --
exports.net = 5
-- tax.js --
module.exports = 19
-- inc/x.inc --
<%= require("./price").net + 1 %>
-- request --
GET /shop/page.asp
-- want --
5 19 19
6
=== JScript in a module: assignments to calls, its library
<%= require("./m").run() %>
-- m.js --
'use strict'
// what pages do
exports.run = function () {
  Session("n") = 1; Session("n")++; Application("k") = Session("n")
  var out = [Session("n") + Application("k")]
  try { undefined.x } catch (e) { out.push(e.number & 0xFFFF, e.description == e.message) }
  if (/(\d+)/.test("a 12")) out.push(RegExp.$1)
  out.push(new Date(1999, 0, 1).getYear(), "x".bold(), new Error(5, "five").number)
  for (var e = new Enumerator(Request.QueryString("t")); !e.atEnd(); e.moveNext()) out.push(e.item())
  try { undeclared = 1; out.push("sloppy") } catch (e) { out.push("strict") }
  return out.join()
}
-- request --
GET /page.asp?t=1&t=2
-- want --
4,5007,true,12,99,<B>x</B>,5,1,2,strict
=== a module runs once in a request, and anew for the next
<% require("./count").n++; require("./count").n++ %><%= require("./count").n %>
-- count.js --
exports.n = 0; Session("loaded") = (Session("loaded") || 0) + 1
-- want --
2
=== modules that need each other
<%= require("./a").get() %>
-- a.js --
exports.early = 1; var b = require("./b"); exports.get = function () { return b.seen + exports.late }; exports.late = 2
-- b.js --
var a = require("./a"); exports.seen = a.early + "," + a.late + ","
-- want --
1,undefined,2
=== what isn't there
<% function t(n) { try { require(n) } catch (e) { return e instanceof Error ? e.message : "?" } } %><%= t("./none") %>; <%= t("none") %>; <%= t("../../outside") %>; <%= t("./wants") %>; <%= t("fs") %>; <%= t("") %>
-- wants.js --
require("./not-here")
-- want --
Cannot find module './none'; Cannot find module 'none'; Cannot find module '../../outside'; Cannot find module './not-here'; Cannot find module 'fs'; Cannot find module ''
=== and when nobody catches it
<%
  require("./none") ### 800a139e:10: Cannot find module './none'
%>
=== an error in a module is on the module's line
<% require("./m").f() %>
-- m.js --
exports.f = function () {
  return g()
}
function g() {
  undefined.x ### 800a138f:13: 'x'
}
=== and on its first line
<% require("./m") %>
-- m.js --
var a = 1; nope() ### 800a1391:12: nope is not defined
=== a module that doesn't parse can be caught
<% try { require("./m") } catch (e) { Response.Write(e.name + " " + /m\.js/.test(e.message)) } %>
-- m.js --
exports.f = function ( {
-- want --
SyntaxError true
=== an intrinsic of the page is the module's
<% Session("a") = 1; require("./m"); Response.Write(Session("a") + Session("b")) %>
-- m.js --
Session("b") = Session("a") + 1; Response.Write("<" + Request.QueryString + ">"); Response.Cookies("m")("k") = "v"
-- request --
GET /page.asp?q=1
-- header --
Set-Cookie: m=k=v; path=/
-- want --
<q=1>3
=== an item of a request in a module is what it is in a page
<% Response.Write(require("./m")(Request.QueryString("a"))) %>
-- m.js --
module.exports = function (item) {
  var s; switch (item) { case "1": s = "one" }
  return [typeof item, s, typeof item.Count, typeof nope, eval("typeof item"), ({1: "key"})[item]].join()
}
-- request --
GET /page.asp?a=1
-- want --
object,one,number,undefined,object,key
=== an error behind what was resolved is in its column
<% require("./m").f("x") %>
-- m.js --
exports.f = function (k) {
  var é = typeof k, o = {}[k]; if (typeof é == "string") o.y ### 800a138f:60: 'y'
}
=== a module that calls by a value is bounded
<% try { require("./m")("rep") } catch (e) { Response.Write(e.name) } %>
-- m.js --
"use strict"
module.exports = function (k) { return "x"[k + "eat"](33554433) }
-- want --
RangeError
