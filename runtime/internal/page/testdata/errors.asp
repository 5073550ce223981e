Pages that are wrong, each with its error on its line, and a few that look wrong
and are right.

=== unclosed block
<p>
  <% a();	 ### 0116:3: %>
b();
=== unclosed value
x<%= a ### 0116:2:
=== unclosed directive
é<%@ language=jscript ### 0116:2:
=== unclosed block in an include
<!--#include file="a.inc"-->
<% b() %>
-- a.inc --

<% a() ### 0116:1:
=== unclosed block in an include of an include, which another would close
<!--#include file="a.inc"-->
-- a.inc --
<!--#include file="b.inc"-->%>
-- b.inc --
text <% a() ### 0116:6:
=== unclosed server script
<p><script runat=server>a() ### 0117:4: SCRIPT
=== server script whose tag is cut off
<script runat=server language=jscript ### 0117:1:
=== server script whose tag is cut off by another
<script runat=server <script> ### 0117:1:
=== an unclosed client script is text
<script language=javascript
=== unclosed object
<object runat=server id=a progid=b> ### 0118:1:
=== unclosed object tag
<object runat=server id=a progid=b ### 0118:1:
=== unclosed include
<!--#include file="a.inc" -> ### 0127:1:
=== unclosed include before a comment
a <!--#include file="a.inc"> ### 0127:3:
<!-- x -->
=== unclosed type library
<!--METADATA TYPE="typelib" FILE="a" ### 0127:1:
=== an unclosed comment is text
<!-- x

=== no such include
<p>
é <!--#include file="nowhere.inc"--> ### 0126:22: 'nowhere.inc'
=== no such include in an include
<!--#include file="inc/a.inc"-->
-- inc/a.inc --
<% a() %>
 <!--#include file="b.inc"--> ### 0126:21: inc/a.inc:2:21: .*'b.inc'
-- b.inc --
not this one
=== no such include in a block
<% a();
<!--#include file=nowhere.inc--> %> ### 0126:19:
=== no such virtual include
<!--#include virtual="/shop/nowhere.inc"--> ### 0126: '/shop/nowhere.inc'
=== no such script
<script runat=server src="nowhere.js"></script> ### 0126:27:
=== a script from elsewhere
<script runat=server src="http://example.com/x.js"></script> ### 0126:27:
=== a name with a colon
<!--#include file="a.inc:x"--> ### 0126:20:
-- a.inc --
a
=== the root itself
<!--#include virtual="/shop/.."--> ### 0126:23:
=== include without a name
a <!--#include "a.inc"--> ### 0128:3:
=== include with an empty name
<!--#include file=" "--> ### 0128:1:
=== include with another attribute
<!--#include src="a.inc"--> ### 0128:1:
=== include with both names
<!--#include virtual="a" file="b"--> ### 0128:26: both
=== include with a name that isn't closed
<!--#include file="a.inc --> ### 0125:14: 'file'
=== rooted file include
<!--#include file="\a.inc"--> ### 0130:20:
=== include in a server script
<script runat=server>
  "<!-- #include file=a.inc -->" ### 0234:4: SRC
</script>

=== include above the root
<!--#include file="../a.inc"--> ### 0131:20:
-- a.inc --
a
=== include that leaves the root and comes back
<!--#include file="x\..\..\root\a.inc"--> ### 0131:20:
-- root/a.inc --
a
=== virtual include above the root
<!--#include virtual="/../a.inc"--> ### 0131:23:
-- a.inc --
a
=== script above the root
<script runat=server src="../a.js"></script> ### 0131:27:
=== parent paths below the root
<!--#include file="x/../inc/a.inc"-->
-- inc/a.inc --
<!--#include file="..\b.inc"-->
-- b.inc --
b
=== parent paths switched off [no parents]
<!--#include file="inc/../b.inc"--> ### 0131:20:
-- b.inc --
b
=== names with dots and parent paths switched off [no parents]
<!--#include file="./a..inc"-->
-- a..inc --
a
=== a page that includes itself
<p>
<!--#include file="PAGE.asp"-->
<!--#include virtual="/shop/page.asp"--> ### 0135:23: 'page\.asp'.* page\.asp > page\.asp\.
-- PAGE.asp --
=== a circle
<!--#include file="inc/a.inc"-->
-- inc/a.inc --
<!--#include file="b.inc"-->
-- inc/b.inc --

  <!--#include file="../inc/a.inc"--> ### 0135:22: inc/a\.inc > inc/b\.inc > inc/a\.inc\.

=== VBScript
<%@ Language="VBScript" %> ### 0129:15: 'VBScript'
=== VBScript behind other things
<!-- x -->
<% a() %>
<% @language=vbscript%> ### 0129:14: page\.asp:3:14
=== VBScript in an include
<%@ codepage=1252 %>
<!--#include file=a.inc-->
-- a.inc --

<%@ LANGUAGE=VBScript%> ### 0129:14:
=== VBScript in a server script
<%@ language=javascript %>
<script
 runat=server language="VBScript"> ### 0129:25:
Sub X
</script>
=== VBScript as a server script's type
<script type="text/vbscript" runat=server>x</script> ### 0129:15:
=== other languages
<%@ language=JScript.Encode %> ### 0129:
=== the client's VBScript
<script language=vbscript>x</script>
<script type="text/javascript" runat=server>x</script>
=== versions
<%@ language="JavaScript1.2" %><script language="JScript 5.8" runat=server></script>

=== unknown directive
<%@ Page Language="C#" %> ### 0221:5: 'Page'
=== unknown directive with a value
<%@ language=jscript Foo="C#" %> ### 0221:22: 'Foo'
=== directive whose value isn't closed
<%@ language="jscript %> ### 0125:5: 'language'
=== transaction
<%@ transaction=maybe %> ### 0221:
=== repeated directive
<%@ codepage=1252 %>
<%@ codepage = 65001 %> ### 0141:5: codepage=65001 after 1252
=== repeated in one directive
<%@ codepage=1252 codepage=65001 %> ### 0141:19:
=== include that disagrees
<%@ enablesessionstate=false %><!--#include file=a.inc-->
-- a.inc --
<%@ EnableSessionState=True %> ### 0141:5:
=== repeated without disagreement
<%@ language=jscript codepage=1252 %><%@ LANGUAGE="JavaScript" CodePage="1252" %>
=== session state
<%@ enablesessionstate="perhaps" %> ### 0215:25:
=== code page
<%@ codepage="x" %> ### 0203:15:
=== locale
<%@ lcid=-1 %> ### 0219:10:
=== nothing said
<%@ %>

=== other runat
<script runat="client">x</script> ### 0120:9:
=== runat without a value
<object runat id=a progid=b> ### 0120:9:
=== block in a server script's tag
 <script src="<%= a %>" runat="server">x</script> ### 0138:2:
=== object in an object
<object runat=server id=a progid=b>
<object> ### 0139:1:
</object></object>
=== object without an id
<object runat=server progid=b></object> ### 0123:1:
=== object without a class
<object runat=server id=dict></object> ### 0119:1: 'dict'
=== object with another scope
<object runat=server id=dict progid=b scope=world></object> ### 0217:1:
=== object with a name of ASP's
<object runat=server id=SESSION progid=b></object> ### 0136:1: 'SESSION'
=== type library without a name
<!--METADATA TYPE="typelib"--> ### 0222:1:
=== script without a name
<script runat=server src></script> ### 0238:22: 'src'
=== script attribute that isn't closed
<script runat=server language="jscript>a</script> ### 0125:22: 'language'

=== global script in a block [global]
text
<% x %> ### 0137:1:
=== global object without a scope [global]
<object runat=server id=a progid=b></object> ### 0122:1:
=== global.asa [global]
text <!--#include file=a.inc-->
<object runat=server id=a progid=b scope=session></object>
<script language=jscript runat=server>function Session_OnStart() {}</script>
-- a.inc --
more text
