<%@ Language="JavaScript" %>
<%
var page = {
  name: "jscript.asp",
  title: "1999 and today",
  says: "Two pages do the same: the first as it was written for IIS 5, the " +
    "second as one would write it now. Both run unchanged, side by side."
};
%>
<!--#include file="inc/top.inc"-->

<form action="jscript.asp" class="row">
  <label>Your name <input name="who"
    value="<%: Request.QueryString("who").Count ? Request.QueryString("who") : "Ada" %>"></label>
  <label>Snakes <input name="snake" value="cobra" size="8"></label>
  <label>and <input name="snake" value="adder" size="8"></label>
  <button>Show both</button>
</form>

<div class="two">
  <section aria-labelledby="old"><h2 id="old">As in 1999</h2>
<% Server.Execute("parts/jscript-1999.asp"); %>
  </section>
  <section aria-labelledby="new"><h2 id="new">As today</h2>
<% Server.Execute("parts/jscript-today.asp"); %>
  </section>
</div>

<h2>What to look at</h2>
<p><code>Session("x") = 1</code> assigns to a call, which JavaScript never
  allowed and JScript did. Names of members have no case:
  <code>Response.write</code>, <code>Request.Querystring</code>. A field of
  Request is an object that turns into text, and a missing one turns into
  <code>"undefined"</code>. An <code>Enumerator</code> walks over what isn't
  an array. All of that is still here, in both languages; the new page just
  doesn't need most of it.</p>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/parts/jscript-1999.asp.inc"-->
<!--#include file="inc/source/parts/jscript-today.asp.inc"-->
<!--#include file="inc/source/jscript.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
