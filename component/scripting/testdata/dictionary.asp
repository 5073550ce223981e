Scripting.Dictionary; T is dlls/scrrun/tests/dictionary.c of Wine.

=== reading a missing key makes it (T)
<% var d = D(), x = d("a"); W([typeof x, d.Count, d.Exists("a")]) %>
-- want --
undefined,1,true
=== compare mode, numbers as keys, removing what isn't there (T)
<% var d = D(); d.CompareMode = 10; W(d.CompareMode); d.Add(0, 1); W([E(() => { d.CompareMode = 0 }), E(() => d.Add(0.0, 2)), E(() => d.Remove(7))]) %>
-- want --
105,457,32811
=== an enumerator is live (T)
<% var d = D(); d.Add(1, 9); d.Add(4000, 8); d.Add(0, 7); var e = new Enumerator(d); d.Remove(1); e.moveFirst(); W(e.item()) %>
-- want --
4000
=== what is added behind the walk is met, what is removed isn't
<% var d = D(), seen = []; d.Add("a", 1); d.Add("b", 2); d.Add("c", 3);
for (var e = new Enumerator(d); !e.atEnd(); e.moveNext()) { seen.push(e.item()); if (e.item() == "a") { d.Remove("b"); d.Add("z", 9) } } W(seen) %>
-- want --
a,c,z
=== a key keeps its own type, and -0 is 0
<% var d = D(); d("1") = "text"; d(1) = "number"; d(true) = "yes"; d(0) = "zero"; d(-0) = "zero again"; W([d.Count, d("1"), d(1), d(0), d.Exists(null), d.Exists(undefined)]); d(null) = 1; d(undefined) = 2; W([d(null), d(undefined), d.Count]) %>
-- want --
4,text,number,zero again,false,false1,2,6
=== texts with and without case
<% var a = D(), b = D(); a("Key") = 1; b.CompareMode = 1; b("Key") = 1; W([a.Exists("KEY"), b.Exists("KEY"), b("kEY"), E(() => b.Add("KEY", 2)), b.Keys().join()]); b("KEY") = 5; W([b("key"), b.Keys().join()]) %>
-- want --
false,true,1,457,Key5,Key
=== items and keys in order, renamed, assigned to
<% var d = D(); d.Add("b", 2); d.Add("a", 1); d.Item("c") = 3; d("b") = 20; d.Key("a") = "z"; W([d.Keys().join(), d.Items().join(), d("z"), d.Exists("a")]); W([E(() => { d.Key("no") = "x" }), E(() => { d.Key("b") = "z" }), E(() => { d.Key("b") = "b" })]) %>
-- want --
b,z,c,20,1,3,1,false32811,457,ok
=== with VBArray, as pages of that time had it
<% var d = D(); d("x") = 1; d("y") = 2; var k = new VBArray(d.Keys()), i = (new VBArray(d.Items())).toArray(); W([k.getItem(0), k.ubound(1), i]) %>
-- want --
x,1,1,2
=== objects and functions, as values and as keys
<% var d = D(), o = {n: 1}, f = function () { return this === d ? "d" : "called" }, other = D(); d("o") = o; d("f") = f; d(o) = "by object"; d(other) = "by dictionary"; W([d("o") === o, d("f") === f, d(o), d(other), d.Exists({n: 1}), d.Exists(D()), d.Count]); o.n = 2; W(d("o").n); d("d") = other; W(d("d") === other) %>
-- want --
true,true,by object,by dictionary,false,false,42true
=== wrong arguments
<% var d = D(); W([E(() => d.Add("a")), E(() => d.Item()), E(() => d.Exists()), E(() => { d.CompareMode = -1 }), E(() => d.Key("a"))]) %>
-- want --
15,15,15,5,3
=== everything removed
<% var d = D(); d("a") = 1; d("b") = 2; var e = new Enumerator(d); d.RemoveAll(); W([d.Count, d.Keys().length, d.Exists("a")]); e.moveFirst(); W(e.atEnd()); d.CompareMode = 1; d("A") = 1; W(d.Exists("a")); for (var k in d) W(k) %>
-- want --
0,0,falsetruetrueA
