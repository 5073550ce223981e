package page

import (
	"strings"
	"testing"
)

// lexed is the short form of a file's segments: kind and text, without the
// kind for Text and Code.
func lexed(f *File) string {
	var b strings.Builder
	for _, s := range f.Segments {
		text := f.Text[s.Pos:s.End]
		switch s.Kind {
		case Text:
			b.WriteString(" T[" + text + "]")
		case Code:
			b.WriteString(" C[" + text + "]")
		case Open, Close, ScriptClose:
			b.WriteString(" " + s.Kind.String())
		default:
			b.WriteString(" " + s.Kind.String() + "[" + text + "]")
		}
	}
	return strings.TrimSpace(b.String())
}

func TestLexer(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"nothing", ``, ``},
		{"text", `<p>a < b</p>`, `T[<p>a < b</p>]`},
		{"a block", `a<% b %>c`, `T[a] Open C[ b ] Close T[c]`},
		{"empty blocks", `<%%><% %>`, `Open Close Open C[ ] Close`},
		{"a value", `<%=a%><% =b%><%` + "\n\t" + `= c %>`,
			`OpenExpr[<%=] C[a] Close OpenExpr[<% =] C[b] Close OpenExpr[<%` + "\n\t" + `=] C[ c ] Close`},
		{"an encoded value", `<%:a%>`, `OpenEncoded[<%:] C[a] Close`},
		{"a colon behind a blank is script", `<% :a%>`, `Open C[ :a] Close`},
		{"%> ends a block in a string", `<% s = "%>"; %>`, `Open C[ s = "] Close T["; %>]`},
		{"%> ends a block in a comment", `<% // %>x`, `Open C[ // ] Close T[x]`},
		{"%> outside is text", `100 %> <b>`, `T[100 %> <b>]`},
		{"<% inside is script", `<% a <% b %>`, `Open C[ a <% b ] Close`},
		{"a script tag in a string is script", `<% s = "<script runat=server>x</script>" %>`,
			`Open C[ s = "<script runat=server>x</script>" ] Close`},
		{"blocks in comments and attributes", `<!-- <%=a%> --><a href="<%=b%>">`,
			`T[<!-- ] OpenExpr[<%=] C[a] Close T[ --><a href="] OpenExpr[<%=] C[b] Close T[">]`},
		{"a lone < at the end", `a<`, `T[a<]`},

		{"directives", `<%@a="%"%><% @ b = 1%><%` + "\r\n" + `@c%>`,
			`Directive[<%@a="%"%>] Directive[<% @ b = 1%>] Directive[<%` + "\r\n" + `@c%>]`},
		{"a directive behind text", `<!-- x --><%@a=b%>`, `T[<!-- x -->] Directive[<%@a=b%>]`},

		{"includes", `<!--#include file="a"--><!-- #INCLUDE  virtual = '/b' --><!--#include file=c-->`,
			`Include[<!--#include file="a"-->] Include[<!-- #INCLUDE  virtual = '/b' -->] Include[<!--#include file=c-->]`},
		{"an include in a comment", `<!-- <!--#include file=a--> -->`, `T[<!-- ] Include[<!--#include file=a-->] T[ -->]`},
		{"an include in a block", `<% a(); <!--#include file="b"--> c() %>`,
			`Open C[ a(); ] Include[<!--#include file="b"-->] C[ c() ] Close`},
		{"an include in a value", `<%=<!-- #include file=b -->%>`, `OpenExpr[<%=] Include[<!-- #include file=b -->] Close`},
		{"an incomplete include in a block", `<% "<!--#include " + "x" %>-->`, `Open C[ "<!--#include " + "x" ] Close T[-->]`},
		{"an include without a name in a block", `<% "<!--#include x-->" %>`, `Open C[ "<!--#include x-->" ] Close`},
		{"other server commands", `<!--#exec cmd="x"--><!--#includes file="x"-->`,
			`T[<!--#exec cmd="x"--><!--#includes file="x"-->]`},

		{"a client script", `<script src="x.js"></script>`, `T[<script src="x.js"></script>]`},
		{"a client script with a block", `<script>a = <%=b%>;</script>`,
			`T[<script>a = ] OpenExpr[<%=] C[b] Close T[;</script>]`},
		{"a client script with a block in its tag", `<script src="<%=a>b%>">`,
			`T[<script src="] OpenExpr[<%=] C[a>b] Close T[">]`},
		{"a server script", `a<script runat=server>b</script>c`, `T[a] ScriptOpen[<script runat=server>] C[b] ScriptClose T[c]`},
		{"its attributes in any order", "<SCRIPT LANGUAGE='JScript'\n RunAt = \"Server\">b</ScRiPt >",
			"ScriptOpen[<SCRIPT LANGUAGE='JScript'\n RunAt = \"Server\">] C[b] ScriptClose"},
		{"> in its attribute", `<script title="a>b" runat=server>b</script>`,
			`ScriptOpen[<script title="a>b" runat=server>] C[b] ScriptClose`},
		{"markup in a server script", `<script runat=server><% %><!-- </scripts> </script>`,
			`ScriptOpen[<script runat=server>] C[<% %><!-- </scripts> ] ScriptClose`},
		{"an empty server script", `<script runat=server src=a.js></script>`, `ScriptOpen[<script runat=server src=a.js>] ScriptClose`},
		{"tags whose names begin alike", `<scripts runat=server><objects runat=server>`, `T[<scripts runat=server><objects runat=server>]`},
		{"a tag cut off by the next", `<script title="<script runat=server>x</script>`,
			`T[<script title="] ScriptOpen[<script runat=server>] C[x] ScriptClose`},

		{"an object", `<object runat=server id=a progid="B.C"><param></object>d`,
			`ObjectTag[<object runat=server id=a progid="B.C"><param></object>] T[d]`},
		{"an empty object", `<object runat="server" id=a progid=b/>c<object runat="server"/> </OBJECT>d`,
			`ObjectTag[<object runat="server" id=a progid=b/>] T[c] ObjectTag[<object runat="server"/> </OBJECT>] T[d]`},
		{"a client's object", `<object width=100%><%=a%></object>`, `T[<object width=100%>] OpenExpr[<%=] C[a] Close T[</object>]`},

		{"a type library", `<!--METADATA TYPE="typelib" FILE="x"--><!-- metadata uuid=1 type=TypeLib -->`,
			`Metadata[<!--METADATA TYPE="typelib" FILE="x"-->] Metadata[<!-- metadata uuid=1 type=TypeLib -->]`},
		{"other metadata", `<!--METADATA TYPE="DesignerControl" startspan <%=a%> -->`,
			`T[<!--METADATA TYPE="DesignerControl" startspan ] OpenExpr[<%=] C[a] Close T[ -->]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, _ := Parse(tt.src, "page.asp")
			if got := lexed(f); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAttrs(t *testing.T) {
	tests := []struct{ src, want string }{
		{`a=1 B = "2" c='3'd="4"`, `a|1 B|2 c|3 d|4`},
		{`a b= c`, `a| b|c`},
		{"a=\n'x y'\tb", `a|x y b|`},
		{`a="x'y" b='x"y'`, `a|x'y b|x"y`},
		{`a=""b=`, `a| b|`},
		{`a="open b=1`, `a|open b=1!`},
		{`= "x" a=1`, `x| a|1`},
		{`é=ü`, `é|ü`},
	}
	for _, tt := range tests {
		var got []string
		for _, a := range scanAttrs(tt.src, 0) {
			if a.Value != "" && tt.src[a.ValuePos:a.ValuePos+len(a.Value)] != a.Value || tt.src[a.Pos:a.Pos+len(a.Name)] != a.Name {
				t.Errorf("%q: offsets of %+v are wrong", tt.src, a)
			}
			mark := ""
			if a.Unclosed {
				mark = "!"
			}
			got = append(got, a.Name+"|"+a.Value+mark)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: got %s, want %s", tt.src, s, tt.want)
		}
	}
}
