What isn't there: an object in a collection, undefined in Session.

=== a missing item is an object without values
<% var m = Request.QueryString("none"), f = Request.Form("none") %><%= typeof m %> <%= m.Count %> <%= String(m) %> <%= m + "" %> <%= m == "undefined" %> <%= m + "" == "undefined" %> <%= String(f) == "undefined" %> <%= isNaN(m) %> <%= parseInt(m) %> <%= m - 1 %> <%= new String(m).length %> <%= `${m}` %> <%= [m].join() %> <%= ["a", m].join("-") %> <%= String(m.Item) %> <%= String(m()) %> <%= typeof m() %> <%= m == undefined %> <%= m == null %> <%= m ? "true" : "false" %> <%= String(m ?? "other") %> <%= Server.HTMLEncode(m) %> <%= escape(m) %> <%= Server.URLEncode(m) %>
-- want --
object 0 undefined undefined False True True True NaN NaN 9 undefined undefined a-undefined undefined undefined undefined False False true undefined  undefined 
=== without the collection's name it is undefined
<% var m = Request("none") %><%= typeof m %> <%= m == null %> <%= m == undefined %> <%= m === undefined %> <%= String(m) %> <%= m + "" %> <%= m || "other" %> <%= m ? 1 : 2 %>
-- want --
undefined True True True undefined undefined other 2
=== an empty one is there
<% var e = Request.QueryString("e") %><%= typeof e %> <%= e.Count %> [<%= e %>] <%= e == "" %> <%= String(e) == "" %> <%= String(e).length %> [<%= e(1) %>] <%= Request("e") == "" %> <%= Number(e) %> <%= Request.QueryString("flag").Count %> [<%= Request.QueryString("flag") %>]
-- request --
GET /page.asp?e=&flag
-- want --
object 1 [] True True 0 [] True 0 1 []
=== the session's is undefined
<%= typeof Session("none") %> <%= Session("none") == null %> <%= Session("none") == undefined %> <%= String(Session("none")) == "undefined" %> <%= Session("none") + "" %> <%= Session("none") ? 1 : 2 %> <%= isNaN(Session("none")) %> <%= Application("none") === undefined %> <%= typeof Session.Contents("none") %> <%= typeof Application.Contents.Item("none") %>
-- want --
undefined True True True undefined 2 True True undefined undefined
=== a cookie's is empty text
<% var c = Request.Cookies("none") %><%= typeof c %> [<%= c %>] <%= c == "" %> <%= String(c).length %> <%= c.HasKeys %> <%= c.Count %> [<%= c("key") %>] <%= typeof c("key") %> <%= c + "x" %> <%= Number(c) %>
-- want --
object [] True 0 False 0 [] string x 0
=== a server variable's, too
[<%= Request.ServerVariables("HTTP_NONE") %>] <%= Request.ServerVariables("HTTP_NONE") == "" %> <%= Request.ServerVariables("HTTP_NONE") + "" == "" %>
-- want --
[] True True
=== a certificate's, an upload's
<%= Request.ClientCertificate("Subject") + "" %> <%= Request.ClientCertificate.Count %> <%= Request.Files.Count %>
-- want --
undefined 0 0
