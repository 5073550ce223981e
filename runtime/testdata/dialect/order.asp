Single evaluation, and the order of it: callee, arguments, right side, one put.

=== a put gets nothing
<% var d = Server.CreateObject("Scripting.Dictionary"), t = 0, log = [];
function o() { log.push("o"); return d } function k(x) { log.push("k" + x + t++); return x } function v(x) { log.push("v" + x + t++); return x }
o()(k("a")) = v(1) %><%= log %> <%= d("a") %>
-- want --
o,ka0,v11 1
=== a compound assignment gets once, before the right side
<% var log = [], c = Session; Session("a") = 1;
function k() { log.push("k"); return "a" } function v() { log.push("v"); Session("a") = 100; return 2 }
c(k()) += v() %><%= log %> <%= Session("a") %>
-- want --
k,v 3
=== arguments are evaluated once, from left to right
<% var t = 0, seen = []; function arg(x) { seen.push(x + t++); return "key" }
Session(arg("a")) = t++; Session(arg("b")) += t++; Session(arg("c"))++; ++Session(arg("d")); Session((arg("e"), arg("f"))) ^= 14 %><%= seen %> <%= t %> <%= Session("key") %>
-- want --
a0,b2,c4,d5,e6,f7 8 8
=== the callee comes first
<% var log = []; function get(n, v) { log.push(n); return v }
get("callee", Session)(get("key", "x")) = get("right", 1);
get("o", { m: Session })[get("name", "m")](get("k2", "y")) += get("r2", 1) %><%= log %>
-- want --
callee,key,right,o,name,k2,r2
=== nested targets
<% var log = []; function l(x) { log.push(x); return x }
Session(l(Session(l("a")) = l("b"))) = l("c"); Session(Session("a") = "k") += Session("b") = l("d") %><%= log %> <%= [Session("a"), Session("b"), Session("k")] %>
-- want --
a,b,b,c,d k,d,undefinedd
=== a chain puts from right to left
<% var log = []; function l(x) { log.push(x); return x }
Session(l("a")) = Session(l("b")) = Session(l("c")) = l(1) %><%= log %> <%= Session("a") + Session("b") + Session("c") %>
-- want --
a,b,c,1 3
=== the target is evaluated before the right side changes it
<% var k = "a", s = Session; s(k) = (k = "b", s = null, 1); Session(k) = (k = "c", 2) %><%= Session("a") %> <%= Session("b") %> <%= String(Session("c")) %>
-- want --
1 2 undefined
=== this is the object before the member
<% var d = Server.CreateObject("Scripting.Dictionary"); d.Item("a") = 1; with (d) { Item("a") += 4 } %><%= d("a") %>
-- want --
5
=== an error on the right leaves the target alone
<% Session("a") = 1; try { Session("a") = nope } catch (e) {} try { Session("a") += nope() } catch (e) {} try { Session(nope) = 2 } catch (e) {} %><%= Session("a") %>
-- want --
1
