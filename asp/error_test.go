package asp

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestNewTakesTheTablesText(t *testing.T) {
	tests := []struct {
		code              int
		detail            string
		short, line, text string
	}{
		{105, "", "Index out of range", "ASP 0105: Index out of range: An array index is out of range.",
			"007~ASP 0105~Index out of range~An array index is out of range."},
		{126, "inc/a.inc", "Include file not found", "ASP 0126: Include file not found: The include file 'inc/a.inc' was not found.",
			"006~ASP 0126~Include file not found~The include file 'inc/a.inc' was not found."},
		{177, "Foo.Bar is not registered", "Server.CreateObject Failed", "ASP 0177: Server.CreateObject Failed: Foo.Bar is not registered",
			"006~ASP 0177~Server.CreateObject Failed~800401f3"},
		{251, "(4194304 bytes)", "Response Buffer Limit Exceeded",
			"ASP 0251: Response Buffer Limit Exceeded: Execution of the ASP page caused the Response Buffer to exceed its configured limit. (4194304 bytes)",
			"006~ASP 0251~Response Buffer Limit Exceeded~Execution of the ASP page caused the Response Buffer to exceed its configured limit. (4194304 bytes)"},
		{999, "what", "Unexpected error", "ASP 0101: Unexpected error: The function returned an error. (ASP 0999) what",
			"006~ASP 0101~Unexpected error~The function returned an error. (ASP 0999) what"},
	}
	for _, tt := range tests {
		e := New(tt.code, tt.detail)
		if e.Short != tt.short || e.Error() != tt.line || e.COMDescription() != tt.text {
			t.Errorf("New(%d, %q):\n short %q\n error %q\n com   %q", tt.code, tt.detail, e.Short, e.Error(), e.COMDescription())
		}
	}
	if n := New(105, "").Number; n != -2147467259 {
		t.Errorf("number of ASP 0105 is %d", n)
	}
	if n := New(177, "").Number; n != -2147221005 {
		t.Errorf("number of ASP 0177 is %d", n)
	}
}

func TestTableIsSortedAndComplete(t *testing.T) {
	for i := 1; i < len(codeTable); i++ {
		if codeTable[i-1].code >= codeTable[i].code {
			t.Errorf("%d stands before %d", codeTable[i-1].code, codeTable[i].code)
		}
	}
	// The list of notes: every code a page can meet.
	for _, code := range []int{100, 101, 102, 103, 104, 105, 106, 107, 113, 115, 116, 117, 118, 119, 120, 121, 122, 123,
		124, 126, 127, 128, 129, 131, 132, 133, 134, 135, 137, 138, 140, 141, 147, 148, 149, 156, 157, 158, 159, 161,
		162, 164, 171, 172, 173, 174, 175, 176, 177, 178, 183, 184, 185, 188, 189, 190, 191, 192, 193, 194, 195, 197,
		198, 199, 201, 203, 204, 206, 207, 208, 210, 212, 215, 217, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228,
		229, 230, 231, 234, 235, 239, 240, 241, 242, 246, 247, 251} {
		if _, ok := lookupCode(code); !ok {
			t.Errorf("ASP %04d is missing", code)
		}
	}
}

func TestErrorNamesThePlace(t *testing.T) {
	e := New(CodeTimeout, "").At("/a.asp", 3, 7)
	if got := e.At("/outer.asp", 1, 1); got != e {
		t.Errorf("the innermost place was replaced by %v", got)
	}
	tests := []struct {
		e    Error
		want string
	}{
		{Error{File: "/a.asp", Line: 3, Column: 7, Code: 132, Short: "x"}, "/a.asp:3:7: ASP 0132: x"},
		{Error{File: "/a.asp", Line: 3, Short: "x"}, "/a.asp:3: x"},
		{Error{File: "/a.asp", Column: 9, Description: "boom"}, "/a.asp: boom"},
		{Error{Description: "a\r\nb\u2028c"}, "a  b c"},
		{Error{}, "error"},
	}
	for _, tt := range tests {
		if got := tt.e.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestErrorObjectHasNineMembers(t *testing.T) {
	o := New(CodeTimeout, "").At("/a.asp", 3, 7).Object()
	if o.ASPCode != "ASP 0113" || o.Description != "Script timed out" || o.ASPDescription == "" || o.Category != CategoryASP ||
		o.File != "/a.asp" || o.Line != 3 || o.Column != 7 || o.Number != EFail {
		t.Errorf("%+v", o)
	}
	script := (&Error{Number: -2146823281, Category: CategoryRuntime, Description: "'x' is null", Source: "x.y()"}).Object()
	if script.ASPCode != "" || script.ASPDescription != "" || script.Description != "'x' is null" || script.Column != -1 || script.Source != "x.y()" {
		t.Errorf("%+v", script)
	}
	var none *Error
	if got := none.Object(); got != (ErrorObject{Column: -1}) {
		t.Errorf("nothing happened: %+v", got)
	}
}

func TestErrorWrapsItsCause(t *testing.T) {
	e := Errorf(115, "component failed: %w", io.ErrUnexpectedEOF)
	wrapped := fmt.Errorf("running the page: %w", e)
	if !errors.Is(wrapped, io.ErrUnexpectedEOF) || CodeOf(wrapped) != 115 || CodeOf(io.EOF) != 0 {
		t.Errorf("%v", wrapped)
	}
}
