VBScript.RegExp and Scriptlet.TypeLib; T is dlls/vbscript/tests/regexp.vbs of Wine.

=== groups that took part, and one that didn't (T)
<% var m = X("(a|b)+|(c)").Execute("aa"); W([m.Count, m(0).FirstIndex, m(0).SubMatches.Count, m(0).SubMatches(0), typeof m(0).SubMatches(1)]) %>
-- want --
1,0,2,a,undefined
=== the empty expression matches everywhere, and once without Global (T)
<% W([X("", "g").Execute("test").Count, X("").Execute("test").Count, X("").Test(""), X("x", "g").Execute("").Count]) %>
-- want --
5,1,true,0
=== all matches, each with its place
<% var m = X("\\w+", "g").Execute("one, two"); W([m.Count, m.Item(1), m(1).Value, m(1).FirstIndex, m(1).Length]); for (var e = new Enumerator(m); !e.atEnd(); e.moveNext()) W("|" + e.item()); W([E(() => m(2)), E(() => m(-1)), E(() => m(0).SubMatches(0))]) %>
-- want --
2,two,two,5,3|one|two5,5,5
=== replaced
<% W([X("(\\w+) (\\w+)").Replace("John Smith, Ann Lee", "$2 $1"), X("a", "g").Replace("banana", "[$&]"), X("n").Replace("banana", "<$`|$'|$$|$3>"), X("a", "gi").Replace("AbA", "x"), X("b").Replace("abc", true), X("b").Replace("abc", 5)]) %>
-- want --
Smith John, Ann Lee,b[a]n[a]n[a],ba<ba|ana|$|$3>ana,xbx,a-1c,a5c
=== eleven groups, and a group that took no part
<% W([X("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)").Replace("abcdefghijk", "$11$10$1"), X("(a)|(b)").Replace("b", "[$1$2]")]) %>
-- want --
kja,[b]
=== case, lines, and a new pattern
<% var x = X("^B$", "im"); W([x.Test("a\r\nb"), x.Pattern, x.Global, x.IgnoreCase, x.Multiline]); x.Multiline = false; W([x.Test("a\nb")]); x.Pattern = "a"; W(x.Test("cAb")) %>
-- want --
true,^B$,false,true,truefalsetrue
=== characters of two units
<% var m = X("b", "g").Execute("\ud83d\ude00b\u00e9b"); W([m(0).FirstIndex, m(1).FirstIndex, X("\u00e9").Replace("caf\u00e9", "e")]) %>
-- want --
2,4,cafe
=== what is no expression, and no text
<% var x = X("("); W([E(() => x.Test("a")), E(() => x.Execute("a")), E(() => x.Replace("a", "b"))]); x.Pattern = "a"; W([x.Test("a"), E(() => x.Test()), E(() => x.Replace("a"))]) %>
-- want --
5017,5017,5017true,15,15
=== a GUID
<% var g = O("Scriptlet.TypeLib").Guid; W([/^\{[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}\}$/.test(g), g == O("Scriptlet.TypeLib").GUID]) %>
-- want --
true,false
