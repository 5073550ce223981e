Modern JavaScript stays whole beside the assignment to a call.

=== classes
<% class A { #p = 1; static s = Session; static #q = 2; static { Session("block") = 3 } get p() { return this.#p } set p(v) { Session("p") = v; this.#p = v } *gen() { yield* [1, 2] } async m() { return await 5 } [`c${1}`]() { Session("c")++; return Session("c") } static put(k, v) { this.s(k) = v; return A.#q } "quoted"() { return 1 } 0() { return 0 } }
class B extends A { constructor() { super(); super.p = 7; this.x = super.p } get() { return super.c1() } }
Session("c") = 1; var b = new B(); A.put("k", "v") %><%= b.x %> <%= b.get() %> <%= [...b.gen()] %> <%= Session("p") %> <%= Session("k") %> <%= Session("block") %> <%= b[0]() %><%= b.quoted() %>
-- want --
7 2 1,2 7 v 3 01
=== destructuring, defaults, spread
<% var { a, b: { c = Session("d") = 4 } = {}, ...r } = { a: 1, x: 2, y: 3 }, [p, , q = 5, ...s] = "abcdef"; function f({ k = 1, l: [m] = [2] } = {}, ...n) { return k + m + n.length } [a, p] = [p, a]; ({ a, q } = { a: Session("z") = 8, q }); for (var [i, { v }] of [[1, { v: 2 }]]) Session("i" + i) = v; %><%= [a, c, p, q, s.join("")] %> <%= JSON.stringify(r) %> <%= f() + f({ k: 5 }, 1, 2) %> <%= Session("d") %> <%= Session("i1") %> <%= Math.max(...[1, 3], ...new Set([2])) %>
-- want --
8,4,1,c,def {"x":2,"y":3} 12 4 2 3
=== optional chaining and nullish
<% var o = { f: () => Session, n: null }, u; Session("a") = o?.f?.()("b") ?? "none"; o.f()("c") = u?.x.y.z ?? u?.[0] ?? o.n?.() ?? 5; Session("d") = o.n ?? (Session("e") = 1) %><%= Session("a") %> <%= Session("c") %> <%= Session("d") %> <%= Session?.("c") %> <%= 1?.5:0 %>
-- want --
none 5 1 5 0.5
=== an optional call is no target, as in JavaScript
<%
 Session?.("a") = 1 ### 800a03ea:2: Invalid left-hand side
%>
=== templates, tagged and nested
<% function tag(s, ...v) { Session("raw") = s.raw.join("|"); return v.join() } var n = 1; Session("t") = tag`a${Session("u") = n++}b\n${`in${n}ner`}c`; Session(`k${n}`) = `${Session(`k${n}`) ?? "first"}` %><%= Session("t") %> <%= Session("raw") %> <%= Session("k2") %> <%= Session("u") %> <%= `}` + `\`` + `$` + `{` + `${"}"}` %>
-- want --
1,in2ner a|b\n|c first 1 }`${}
=== arrows, generators, symbols, getters
<% var put = (k, v) => Session(k) = v, get = k => Session(k), o = { get x() { return Session("x") }, set x(v) { Session("x") = v }, ["m" + 1](a = Session("dflt") = 1) { return a }, async: 1, get: 2, set: 3, of: 4, await: 5, static: 6 }; put("a", 1); o.x = 5; o.x++; function* g() { Session("y") = yield 1; yield Session("y") } var it = g(); it.next(); %><%= get("a") %> <%= o.x %> <%= it.next(9).value %> <%= o.m1() %> <%= o.async + o.get + o.set + o.of + o.await + o.static %> <%= (async => async + 1)(1) %> <%= ((a, b) => { Session("arrow") = a; return Session("arrow") + b })(1, 2) %> <% var async = 3, of = 4, get2 = 5, let_ = 6, yield_ = 7, await = 8 %><%= async + of + await %>
-- want --
1 6 9 1 21 2 3 15
=== labels, regular expressions, semicolons
<% var a = 1, g = 2, i = 3
x: for (;;) { break x }
Session("r") = a / g / i
var r = /[/]\/(=)/g, t = a
/1/g
Session("t") = t
if (a) /re/.test("re") && (Session("if") = 1)
var b = a++
/ 2
;(function () { Session("iife") = 1 })()
;[Session("arr") = 2].length
let l = { a }
{ Session("block") = 3 }
Session("last") = function () { return /}/ }().source %><%= [Session("r").toFixed(3), Session("t"), Session("if"), b, Session("iife"), Session("arr"), Session("block"), Session("last")] %>
-- want --
0.167,0.5,1,0.5,1,2,3,}
=== numbers and operators
<% Session("n") = 2 ** 3 ** 2; Session("b") = 0b101 + 0o17 + 0xF + 1_0; Session("big") = 2n ** 70n; Session("u") ??= null; Session("v") &&= 1; Session("w") ||= -0 %><%= Session("n") %> <%= Session("b") %> <%= Session("big") %> <%= String(Session("u")) %> <%= String(Session("v")) %> <%= 1 / Session("w") %>
-- want --
512 45 1180591620717411303424 null undefined -Infinity
=== promises and timers run to the end
<% var order = []; setTimeout(() => order.push("t2"), 2); setTimeout(() => order.push("t1"), 1); setTimeout(() => { order.push("t3"); Promise.resolve().then(() => { order.push("micro"); setTimeout(() => { order.push("inner"); Response.Write(order.join()) }, 1) }) }, 3); queue = Promise.resolve().then(() => order.push("p1")).then(() => order.push("p2")); order.push("top"); var i = setInterval(() => { if (++n == 2) clearInterval(i) }, 1), n = 0; setImmediate(x => order.push(x), "imm") %>before|
-- want --
before|
top,p1,p2,imm,t1,t2,t3,micro,inner
=== a rejection that nobody looked at
<%
 async function f() { throw new Error("lost") } ### 800a139e:29: lost
 f()
%>
=== one that somebody did
<% async function f() { throw new Error("kept") } f().catch(e => Response.Write(e.message)); Promise.reject(1).catch(() => {}); var p = Promise.reject(new Error("later")); setTimeout(() => p.catch(e => Response.Write(e.message)), 1) %>
-- want --

keptlater
=== await at the top level
<% var a = await Promise.resolve(1), b = await 2; function f() { return a + b } async function g() { return await f() } if (await g() == 3) { %>three<% } for (let i = 0; i < await 2; i++) { %><%= await Promise.resolve(i) %><% } var { c } = await { c: Session("c") = 5 }; %><%= c %> <%= typeof this %> <%= await (async () => { Session("d") = await 6; return Session("d") })() %>
-- want --
three015 object 6
=== an error behind an await is on its line
<% var a = await 1;
await null;
  a.b.c ### 800a138f:7: 'c'
%>
=== await is a name elsewhere
<% var await = 5; function f(await) { return await + 1 } %><%= await %> <%= f(1) %>
-- want --
5 2
=== Response.End behind an await
<% Response.Write("a"); await 1; Response.Write("b"); try { Response.End() } finally { Response.Write("no") } %>no
-- want --
ab
