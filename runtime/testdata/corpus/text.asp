Text: regular expressions, boards, lists, files for others.

=== what the last match left
<%@ Language=JScript %><%
function parse(u) { if (/^(\w+):\/\/([^\/:]+)(?::(\d+))?(\/.*)?$/.test(u)) return RegExp.$1 + "," + RegExp.$2 + "," + RegExp.$3 + "," + RegExp.$4; return "no" }
var s = "width=10 height=20", re = /(\w+)=(\d+)/g, m, out = "";
while ((m = re.exec(s)) != null) out += RegExp.$1 + ":" + RegExp.$2 + "@" + m.index + "-" + re.lastIndex + " ";
"John Smith".replace(/(\w+)\s(\w+)/, "$2, $1")
%><%=parse("http://example.com:8080/a?b=c")%> <%=parse("ftp://host")%> <%=parse("x")%>
<%=out%> <%=RegExp.$2%> <%=RegExp.lastMatch%> <%=RegExp["$&"]%>|<%=RegExp.leftContext%>|<%=RegExp.rightContext%>|<%=RegExp.$3%>|
-- want --
http,example.com,8080,/a?b=c ftp,host,, no
width:10@0-8 height:20@9-18  host ftp://host ftp://host||||
=== a board's marks
<%@ Language=JScript %><%
function board(s) {
	s = Server.HTMLEncode(s)
	s = s.replace(/\[b\](.*?)\[\/b\]/gi, "<b>$1</b>").replace(/\[url=(https?:[^\]]+)\](.*?)\[\/url\]/gi, function($0, $1, $2) { return $2.link($1) })
	s = s.replace(/\r?\n/g, "<br>\n").replace(/(^|\s)(www\.[\w.]+)/g, '$1<a href="http://$2">$2</a>')
	return s
}
%><%=board(Request.Form("text"))%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

text=%5BB%5Dbold%5B%2Fb%5D+%3Ci%3E+%5Burl%3Dhttp%3A%2F%2Fx%2F%5Dhere%5B%2Furl%5D%0D%0Asee+www.example.com
-- want --
<b>bold</b> &lt;i&gt; <A HREF="http://x/">here</A><br>
see <a href="http://www.example.com">www.example.com</a>
=== words found in text
<%@ Language=JScript %><%
var q = String(Request.QueryString("q")), text = "The cat sat on the CATalogue. Concatenate?", n = 0
var words = q.replace(/[^\w ]/g, " ").split(/ +/), re = new RegExp("\\b(" + words.join("|") + ")", "gi")
var out = text.replace(re, function(w) { n++; return "<b>" + w + "</b>" })
%><%=out%> (<%=n%>) <%=text.search(/catalogue/i)%> <%=text.match(/t/gi).length%> <%="a1b22".split(/\d+/).join("-")%> <%=String(/cat/.exec("dog"))%>
-- request --
GET /page.asp?q=cat*+on
-- want --
The <b>cat</b> sat <b>on</b> the <b>CAT</b>alogue. Concatenate? (3) 19 7 a-b- null
=== replacements with what was asked for
<%@ Language=JScript %><%
var t = "Dear %name%, your number is %no%.";
t = t.replace("%name%", Request.QueryString("name")).replace(/%no%/, Request.QueryString("no")).replace("zz", Request.QueryString("missing"));
%><%=t%> <%="x".concat(Request("name"), Request("no"))%> <%="abc".indexOf(Request("b"))%> <%=["a", Request("name")].join("/")%> <%=encodeURIComponent(Request("name"))%> <%=new String(Request("name")).length%> <%=isNaN(Request("no"))%> <%=Math.max(Request("no"), 5)%> <%=String([10, 20, 30][Request("b")])%> <%=Request("no") - 1%> <%=-Request("no")%> <%=Request("no") > 6 ? "more" : "less"%>
-- request --
GET /page.asp?name=Anna+%26+Bert&no=7&b=b&b=c
-- want --
Dear Anna & Bert, your number is 7. xAnna & Bert7 -1 a/Anna & Bert Anna%20%26%20Bert 11 False 7 undefined 6 -7 more
=== a file for a spreadsheet
<%@ Language=JScript %><%
Response.Buffer = true; Response.Clear()
Response.ContentType = "application/vnd.ms-excel"; Response.Charset = "windows-1252"; Response.AddHeader("Content-Disposition", "attachment; filename=list.csv")
function csv() { var a = []; for (var i = 0; i < arguments.length; i++) a[i] = /[;"\n]/.test(arguments[i]) ? '"' + String(arguments[i]).replace(/"/g, '""') + '"' : arguments[i]; Response.Write(a.join(";") + "\r\n") }
csv("id", "name"); csv(1, 'A "big" one'); csv(2, "x;y"); Response.End() %>
not sent
-- header --
Content-Type: application/vnd.ms-excel; charset=windows-1252
Content-Disposition: attachment; filename=list.csv
-- want --
id;name
1;"A ""big"" one"
2;"x;y"
=== news for readers of feeds
<%@LANGUAGE="JScript" CODEPAGE="65001"%><% Response.ContentType="text/xml";Response.CacheControl="public";Response.Expires=30 %><?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>News &amp; more</title>
<% var rs=Server.CreateObject("ADODB.Recordset");rs.Open("SELECT * FROM news","dsn");for(var n=0;n<2&&!rs.EOF;n++,rs.MoveNext()){%><item><title><%=Server.HTMLEncode(rs("title"))%></title><description><![CDATA[<%=rs("body").Value||""%>]]></description></item>
<%}%></channel></rss>
-- header --
Content-Type: text/xml; charset=utf-8
Cache-Control: public
-- want --
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>News &amp; more</title>
<item><title>Opening</title><description><![CDATA[We [b]open[/b] on Monday]]></description></item>
<item><title>Closed</title><description><![CDATA[]]></description></item>
</channel></rss>
=== JSON for scripts
<%@ Language=JScript %><%
Response.ContentType = "application/json"
var o = { q: Request.QueryString("q"), list: [1, "two", null, true], none: undefined, missing: Request("zz"), n: Request.QueryString("t").Count, all: [] };
for (var i = 1; i <= Request.QueryString("t").Count; i++) o.all.push(Request.QueryString("t")(i));
Response.Write(JSON.stringify(o)); var back = JSON.parse(JSON.stringify(o)); Response.Write("\n" + typeof back.q + back.q.length)
%>
-- request --
GET /page.asp?q=a%22b&t=1&t=2
-- want --
{"q":"a\"b","list":[1,"two",null,true],"n":2,"all":["1","2"]}
string3
=== what the server says of itself
<%@ Language=JScript %><%
var names = ["REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "QUERY_STRING", "REMOTE_ADDR", "SCRIPT_NAME", "HTTPS", "HTTP_REFERER", "HTTP_X_OWN", "NO_SUCH"];
for (var i = 0; i < names.length; i++) { %><%=names[i]%>=<%=Request.ServerVariables(names[i])%>
<% } if (Request.ServerVariables("HTTP_REFERER") == "") { %>no referer<% } else { %>from <%=Request.ServerVariables("http_referer").Item%> <%=String(Request.ServerVariables("HTTP_REFERER")).split("/")[2]%><% } %>
-- request --
GET /page.asp?x=%20y
Host: www.example.com:81
Referer: http://other.example/p
X-Own: mine
-- want --
REQUEST_METHOD=GET
SERVER_NAME=www.example.com
SERVER_PORT=81
QUERY_STRING=x=%20y
REMOTE_ADDR=192.0.2.1
SCRIPT_NAME=/page.asp
HTTPS=off
HTTP_REFERER=http://other.example/p
HTTP_X_OWN=mine
NO_SUCH=
from http://other.example/p other.example
=== parts of a path
-- shop/lamps/page.asp --
<%@ Language=JScript %><%
var url = String(Request.ServerVariables("SCRIPT_NAME")), file = url.substr(url.lastIndexOf("/") + 1), ext = /\.(\w+)$/.exec(file)[1], parts = url.split("/"), crumbs = "", path = "";
for (var i = 1; i < parts.length - 1; i++) { path += "/" + parts[i]; crumbs += parts[i].link(path + "/") + " &gt; " }
%><%=crumbs%><%=file%> (<%=ext%>) <%=Server.URLPathEncode("/a b/c?d e")%>
-- request --
GET /shop/lamps/page.asp
-- want --
<A HREF="/shop/">shop</A> &gt; <A HREF="/shop/lamps/">lamps</A> &gt; page.asp (asp) /a%20b/c?d e
