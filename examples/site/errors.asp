<%@ Language="JavaScript" %>
<%
var page = {
  name: "errors.asp",
  title: "When a page fails",
  says: "Every error carries the file and line where it happened, through " +
    "includes; a page may catch it, or the application shows its own page."
};

// Three things that fail, each in its own way.
const tries = {
  "A component that isn't there": () => Server.CreateObject("Snake.Charmer"),
  "A function in the Session": () => { Session("pet") = { hiss() {} }; },
  "A page whose include is broken": () => Server.Execute("parts/fail.asp")
};
%>
<!--#include file="inc/top.inc"-->

<h2>Caught</h2>
<p>What fails in a host object can be caught like any error of the
  language.</p>
<dl class="caught">
<% for (const [what, act] of Object.entries(tries)) {
     try {
       act();
     } catch (e) { %>
  <dt><%: what %></dt>
  <dd>message: <code><%: e.message %></code></dd>
  <dd>description: <code><%: e.description %></code></dd>
  <dd>number: <code><%= (e.number >>> 0).toString(16) %></code></dd>
<%   }
   } %>
</dl>

<h2>Not caught</h2>
<p>The page takes back what it wrote. The visitor gets status 500 and what
  the application wants to show; the log has the place and the stack. This
  page fails on <code>inc/broken.inc</code>, line 4:</p>
<iframe src="parts/fail.asp" title="A page that failed" loading="lazy"></iframe>

<h2>Not there</h2>
<p>A missing page, an include, <code>global.asa</code>: asked for by its
  address, each is 404, and they can't be told apart.</p>
<iframe src="inc/broken.inc" title="A page that is missing"
  loading="lazy"></iframe>

<h2>Own pages for both</h2>
<p>Without settings naja shows its plainest page, as a stranger should see it.
  This site has pages of its own for the two cases; <code>naja.toml</code>
  beside it switches them on:</p>
<pre class="dump" tabindex="0">error_page = "/error.asp"
error_page_404 = "/notfound.asp"</pre>
<p>While you write pages, start naja with <code>--dev</code>: it shows the
  error with its line in the browser.</p>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/errors.asp.inc"-->
<!--#include file="inc/source/parts/fail.asp.inc"-->
<!--#include file="inc/source/inc/broken.inc"-->
<!--#include file="inc/source/error.asp.inc"-->
<!--#include file="inc/source/notfound.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
