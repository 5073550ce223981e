<%@ Language="JavaScript" %>
<%
var page = {
  name: "tour.asp",
  title: "The page language",
  wide: true,
  says: "Left of each pair stands a file, right of it what the file wrote: " +
    "this page includes each file twice, once to run and once to show."
};
%>
<!--#include file="inc/top.inc"-->

<h2>Text and values</h2>
<p>What stands between <code>&lt;%</code> and <code>%&gt;</code> is
  JavaScript and runs on the server. The visitor gets the rest.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/values.inc"-->
<div><!--#include file="inc/tour/values.inc"--></div>
</div>

<h2>Encoded, or as it is</h2>
<p>What came from a visitor is written with a colon.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/encoded.inc"-->
<div><!--#include file="inc/tour/encoded.inc"--></div>
</div>

<h2>Statements around text</h2>
<p>Text is a statement like any other: loops repeat it, conditions leave it
  out.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/loops.inc"-->
<div><!--#include file="inc/tour/loops.inc"--></div>
</div>

<h2>Functions that write</h2>
<p>A function may contain text, and may be called before it is declared.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/functions.inc"-->
<div><!--#include file="inc/tour/functions.inc"--></div>
</div>

<h2>The language of today</h2>
<p>Classes, destructuring, template strings, generators, and
  <code>await</code> right in the page.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/modern.inc"-->
<div><!--#include file="inc/tour/modern.inc"--></div>
</div>

<h2 id="asked">What was asked</h2>
<p>Request has it all. A name that came twice has two values; one that
  didn't come has none.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/request.inc"-->
<div><!--#include file="inc/tour/request.inc"--></div>
</div>

<h2>What is answered</h2>
<p>Response sets the header too, as long as nothing was flushed.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/response.inc"-->
<div><!--#include file="inc/tour/response.inc"--></div>
</div>

<h2>What is remembered</h2>
<p>Session keeps values for one visitor, Application for all. Old pages
  assign to them as if to a call, and so may new ones.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/state.inc"-->
<div><!--#include file="inc/tour/state.inc"--></div>
</div>

<h2>A block of its own</h2>
<p>A <code>&lt;script runat="server"&gt;</code> block may stand anywhere. Its
  functions are known everywhere; its own statements run last.</p>
<div class="pair">
<!--#include file="inc/source/inc/tour/script.inc"-->
<div><!--#include file="inc/tour/script.inc"--></div>
</div>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/tour.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
