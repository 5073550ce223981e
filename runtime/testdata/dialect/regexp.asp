=== lines end at a return, too
<%= JSON.stringify("a\r\nb".match(/^.*$/gm)) %> <%= "aab".replace(/a*/g, "x") %> <%= "a, b ,c".split(/\s*,\s*/).join("|") %>
-- want --
["a","","b"] xxbx a|b|c
=== an expression means the same beside RegExp.$1
<%= "aab".replace(/(a)*/g, "x") %> <%= RegExp.$1 == "" %> <%= /(b)(c)?/.exec("abd").length %> <%= RegExp.$1 + RegExp.$2 + RegExp.lastMatch + RegExp.leftContext + RegExp.rightContext %>
-- want --
xxbx True 3 bbad
=== replacements
<%= "2026-11-30".replace(/(?<y>\d+)-(?<m>\d+)/, "$<m>/$<y> $& $$ $0 $9 $2 $` $'") %>
<%= "a b".replace(/(\w)/g, function (all, one, at, text) { return at + one + text.length }) %>
<%= "x-y".replace(/(?<n>y)/, function () { return arguments[arguments.length - 1].n + arguments.length }) %>
-- want --
11/2026 2026-11 $ $0 $9 11  -30-30
0a3 2b3
x-y5
=== new flags
<%= /x/dgimsvy.flags %> <%= /x/du.hasIndices %> <%= /x/v.unicodeSets %> <%= /a(?<n>b)/d.exec("xab").indices.groups.n %> <%= /\p{Lu}+/u.exec("abÄÖ")[0] %> <%= /[\w--[a-c]]/v.exec("abcd")[0] %> <%= /\//.source %> <%= new RegExp("/\n[/]") %> <%= new RegExp("") %>
-- want --
dgimsvy True True 2,3 ÄÖ d \/ /\/\n[/]/ /(?:)/
=== classes of the page, and all matches
<% class R extends RegExp { exec(s) { var m = super.exec(s); if (m) m[0] = m[0].toUpperCase(); return m } }
var r = new R("b", "g") %><%= "abcb".replace(r, "[$&]") %> <%= r instanceof R %> <%= r instanceof RegExp %> <%= Object.prototype.toString.call(r) %> <%= "abcb".split(r) %> <%= "abcb".match(r) %>
<%= [..."a1b2".matchAll(/[a-z](\d)/g)].map(m => m[1] + m.index) %> <%= [..."💩x".matchAll(/(?:)/gv)].length %> <%= "x".matchAll("x").next().value.index %>
-- want --
a[B]c[B] True True [object RegExp] a,c, B,B
10,22 3 0
=== in texts for eval and Function
<%= eval("/a(.)/v.exec('xab')[1]") %> <%= Function("return /\\p{L}+/u.exec('1äb')[0]")() %> <%= eval("'a-b'.replace(/-/g, '+')") %> <% try { eval("/(/") } catch (e) { Response.Write(e.name) } %>
-- want --
b äb a+b SyntaxError
=== compile, lastIndex and the constructor
<% var r = /a/g; r.lastIndex = 9; r.compile("b", "i") %><%= r %> <%= r.test("B") %> <%= r.lastIndex %> <%= RegExp(r).test("b") %> <%= new RegExp(r) === r %> <%= new RegExp(r, "g") %> <%= RegExp.prototype.flags + RegExp.prototype.source %> <%= Object.keys(/a/).length %> <%= /a/.constructor === RegExp %>
<% var g = /a/g; g.lastIndex = 5 %><%= g.test("aaa") %> <%= g.lastIndex %> <% var y = /a/y; y.lastIndex = 1 %><%= y.exec("ba").index %> <%= y.lastIndex %> <%= "abc".search(/c/g) %>
-- want --
/b/i True 0 True False /b/g (?:) 0 True
False 0 1 2 2
=== mistakes are V8's words and JScript's numbers
<% function n(f) { try { f(); return "fine" } catch (e) { return e.message + " " + (e.number & 0xFFFF) } } %><%= n(function () { new RegExp("(") }) %>
<%= n(function () { new RegExp("a", "gg") }) %>
<%= n(function () { new RegExp("(?:".repeat(1001) + ")".repeat(1001)) }).slice(-35) %>
<%= n(function () { "a".matchAll(/a/) }) %>
-- want --
Invalid regular expression: /(/: Unterminated group 5020
Invalid flags supplied to RegExp constructor 'gg' 1002
: Regular expression too large 5017
String.prototype.matchAll called with a non-global RegExp argument 5007
=== in Session
<% Session("r") = /a(b)/gi; var r = Session("r") %><%= r %> <%= r.test("xAB") %> <%= r.lastIndex %> <%= r instanceof RegExp %>
-- want --
/a(b)/gi True 3 True
