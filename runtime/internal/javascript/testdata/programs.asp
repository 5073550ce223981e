Pages and the programs they become: W sends a text, E a value, H an encoded one.
The numbered lines are the texts.

=== text
<p>hello
-- want --
;W(0);
0 "<p>hello"
=== nothing
-- page.asp --
-- want --
;
=== a block in braces
<% if (a) { %>x<% } else { %>y<% } %>
-- want --
; if (a) { 
W(0); } else { 
W(1); } 
0 "x"
1 "y"
=== if and else without braces
<% if (a) %>x<% else %>y<% foo() %>z
-- want --
; if (a) 
W(0); else 
W(1); foo() 
W(2);
0 "x"
1 "y"
2 "z"
=== values without braces
<%for(var k in o)%><%=k%><%if(a)%><%:b%><%else%><%= c // last %>
-- want --
;for(var k in o)
E((k
));if(a)
H((b
));else
E(( c // last 
));
=== a text is one statement through includes and directives
<% if (a) %>x<!--#include file="a.inc"--><%@ language=jscript %>z<% else b() %>
-- a.inc --
y
-- want --
; if (a) 
W(0); else b() 
0 "xy\nz"
=== blocks without semicolons
a<% foo() %><% bar() // no line end %>b<% x++ %>c
-- want --
;W(0); foo() 
 bar() // no line end 
W(1); x++ 
W(2);
0 "a"
1 "b"
2 "c"
=== strict mode is never on
<% "use strict"; a = 1 %>
-- want --
; "use strict"; a = 1 
=== scripts come last, in order
<script runat=server>
(function () { last() })()
</script><% f() %><script runat="server" language="JScript">function f() {}</script>
-- want --
; f() 
;
(function () { last() })()

;function f() {}
=== a script's file
<script runat=server src="inc/a.js"></script><!--#include file="inc/b.inc"--><script runat=server src="\inc\a.js"></script>
-- inc/a.js --
a(); <% not markup %>
-- inc/b.inc --
<script runat=server src=c.js ></script>
-- inc/c.js --
c()
-- want --
;W(0);;a(); <% not markup %>

;c()

;a(); <% not markup %>

0 "\n"
=== an include in an open block
<% a("<!--#include file="s.txt"-->");
if (b) {
<!--#include file="c.inc"--> } %>d
-- s.txt --
s
-- c.inc --
c(); %> html <%= v %> <% e();
-- want --
; a("s
");
if (b) {
c(); 
W(0);E(( v 
));W(1); e();
 } 
W(2);
0 " html "
1 " "
2 "d"
=== virtual includes
<!--#include virtual="/shop/a.inc"--><!--#include virtual="/SHOP\a.inc"--><!--#include virtual="/b.inc"--><!--#include virtual="shopping/a.inc"-->
-- a.inc --
a
-- b.inc --
b
-- shopping/a.inc --
c
-- want --
;W(0);
0 "a\na\nb\nc\n"
=== lines that begin as HTML comments do
<script runat=server><!-- hide
a = b <!--c;
  <!-- x
while (n --> 0) f();
s = "continued \
<!-- y";
--> end
</script>
-- want --
;;//-- hide
a = b <!--c;
  //-- x
while (n --> 0) f();
s = "continued \
<!-- y";
//> end

=== HTML in a template literal
<% <!-- hide
s = `
<!-- x -->
`;
-->
%>
-- want --
; //-- hide
s = `
<!-- x -->
`;
-->

=== markup that leaves nothing
a<!--METADATA TYPE="typelib" FILE="x"-->b<object runat=server id=c progid=d/>c<script runat=server></script>d
-- want --
;W(0);
0 "abcd"
=== global.asa [global]
text<script runat=server>function Application_OnStart() {}</script>text
-- want --
;;function Application_OnStart() {}
