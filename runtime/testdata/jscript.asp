What JScript has and the script engine lacks.

=== Enumerator
<% var out = []; for (var e = new Enumerator([1, 2, 3]); !e.atEnd(); e.moveNext()) out.push(e.item()); e.moveFirst(); out.push(e.item()); var none = new Enumerator(); out.push(none.atEnd(), typeof none.item()); for (var m = new Enumerator(new Map([[1, 2]])); !m.atEnd(); m.moveNext()) out.push(m.item().join("-")); try { new Enumerator(5) } catch (x) { out.push(x.number & 0xffff) } %><%= out %>
-- want --
1,2,3,1,true,undefined,1-2,451
=== Error numbers and descriptions
<% var e = new Error(5, "text"); %><%= e.number %>|<%= e.description %>|<%= e.message %>|<%= new Error("m").description %>|<% try { null.x } catch (x) { %><%= x.number & 0xffff %><% } try { nope } catch (x) { %>|<%= x.description %><% } %>
-- want --
5|text|text|m|5007|nope is not defined
=== RegExp's memory, old dates, HTML strings, engine
<% /(\d+)-(\w+)/.test("ab 12-xy z") %><%= RegExp.$1 + RegExp.$2 + RegExp.leftContext %>|<%= new Date(1999, 0, 1).getYear() %>|<%= "x".bold() %>|<%= ScriptEngine() %>|<%= ScriptEngineMajorVersion() >= 5 %>|<%= escape("é ") + unescape("%u0041") %>|<%= "abc".substr(-2, 1) %>
-- want --
12xyab |99|<B>x</B>|JScript|True|%E9%20A|b
=== VBArray
<% var a = new VBArray([[1, 2], [3, 4]]) %><%= a.dimensions() %>|<%= a.ubound(1) %>|<%= a.lbound() %>|<%= a.toArray() %>|<%= a.getItem(0, 1) %>
-- want --
2|1|0|1,2,3,4|3
=== GetObject
<% try { GetObject("x") } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
ASP 0104
=== eval and Function see and make the page's names
<% var v = 1; eval("v = 2; function made() { return v }"); var f = new Function("a", "return a + v") %><%= made() %><%= f(1) %><%= eval("({a: 5})").a %><% try { eval("if (") } catch (e) { %><%= e.name %><% } %>
-- want --
235SyntaxError
=== typeof tells objects from functions
<% function f() {} %><%= [typeof f, typeof Response, typeof Request, typeof Request.QueryString, typeof Session, typeof Session.Contents, typeof Response.Cookies("x"), typeof nothing, typeof null, typeof 1, typeof "", typeof Response.Write, typeof class {}, typeof Symbol(), typeof 1n, typeof true] %>
-- want --
function,object,object,object,object,object,object,undefined,object,number,string,function,function,symbol,bigint,boolean
=== intrinsics as values
<% var r = Response, w = Response.Write, q = Request; w("a"); r.Write("b"); with (Response) { Write("c") } ["d"].forEach(Response.Write); Response["Write"]("e"); Response["wr" + "ite"](q.QueryString("x")); (0, Response.Write)("f"); Response.Write.call(null, "g"); Response.Write.apply(Response, ["h"]) %><%= "Write" in Response %><%= Response == r %><%= Response.Write === w %><%= String(Response).length > 0 %>
-- request --
GET /page.asp?x=1
-- want --
abcde1fghTrueTrueTrueTrue
