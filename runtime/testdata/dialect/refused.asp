What of JScript is a comment here, and what is refused.

=== comments of HTML in scripts
<script language=JScript runat=server>
<!--
function f() { return 1 }
-->
</script>
<%
<!-- an old habit
var a = f(); <!-- here, too
--> and here
/* x */ --> and here
var n = 3; while (n --> 0) a++
%><%= a %> <%= "<!--" %> <%= /<!--/.test("<!--") %>
-- want --

4 <!-- True
=== conditional compilation in a comment
<%
/*@cc_on
  @if (@_win32) Response.Write("no") @end
@*/
//@cc_on Response.Write("no")
/*@ Response.Write("no") @*/
%>fine <%= "@cc_on" %>
-- want --
fine @cc_on
=== conditional compilation
<%
 var a = 1;
 @cc_on ### 800a03ea:2: @cc_on is not supported
%>
=== and its if
<% var x
@if (@_jscript) var b; @end ### 800a03ea:1: @if is not supported
%>
=== and its set
<% var x; @set @a = 1 ### 800a03ea:11: @set is not supported
%>
=== a function with a dot in its name
<%
function a.b() { return 1 } ### 800a03ea:11: write a.b = function
%>
=== an event's function
<%
function window::onload() { } ### 800a03ea:16: write object.event = function
%>
=== in an include, where it stands
<!--#include file="inc/a.inc"-->
-- inc/a.inc --
<% var o = {};
  function o.m() {} ### 800a03ea:13: write a.b = function
%>
=== VBScript
<% var a %>
<script language="VBScript" runat=server> ### 0129:19: VBScript
Function f() : End Function
</script>
=== VBScript in the directive
<%@ Language=VBScript %> ### 0129:14: VBScript
=== a sum assigned to
<%
 var s = "a" + b += "b" ### 800a03ea:10: Invalid left-hand side
%>
