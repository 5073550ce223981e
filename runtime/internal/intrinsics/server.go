package intrinsics

import (
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/variant"
)

// A Server is ASP's Server.
type Server struct{ *Page }

// Class is the table of Server.
func (s *Server) Class() *component.Class { return serverClass }

var serverClass = component.Make(component.Class{Name: "Server", Members: []component.Member{
	serverMethod("CreateObject", "(progid)", "any", func(s *Server, progID string) (variant.Value, error) { return s.Program.CreateObject(progID) }),
	serverMethod("MapPath", "(path)", "text", func(s *Server, path string) (variant.Value, error) { return texts(s.Program.MapPath(path)) }),
	serverMethod("HTMLEncode", "(text)", "text", func(s *Server, text string) (variant.Value, error) {
		return variant.String(asphttp.HTMLEncode(text, s.codePage())), nil
	}),
	serverMethod("URLEncode", "(text)", "text", func(s *Server, text string) (variant.Value, error) {
		return variant.String(asphttp.URLEncode(text, s.codePage())), nil
	}),
	serverMethod("URLPathEncode", "(text)", "text", func(_ *Server, text string) (variant.Value, error) {
		return variant.String(asphttp.URLPathEncode(text)), nil
	}),
	serverMethod("Execute", "(path)", "", func(s *Server, path string) (variant.Value, error) {
		return variant.Empty, s.Program.Execute(path)
	}),
	serverMethod("Transfer", "(path)", "", func(s *Server, path string) (variant.Value, error) {
		return variant.Empty, s.Program.Transfer(path)
	}),
	component.Method("GetLastError", "()", "ASPError", func(s *Server, _ component.Args) (variant.Value, error) {
		return component.Of(&LastError{s.LastError.Object()}), nil
	}),
	component.Property("ScriptTimeout", "number",
		func(s *Server) (variant.Value, error) {
			return numbers(int(s.Page.Server.ScriptTimeout() / time.Second)), nil
		},
		func(s *Server, v variant.Value) error {
			n, err := s.number(v)
			if err != nil {
				return err
			}
			return s.Page.Server.SetScriptTimeout(time.Duration(n) * time.Second)
		}),
}})

// serverMethod is a method with one text.
func serverMethod(name, sig, gives string, call func(*Server, string) (variant.Value, error)) component.Member {
	return component.Method(name, sig, gives, func(s *Server, args component.Args) (variant.Value, error) {
		text, err := s.text(args, 0)
		if err != nil {
			return variant.Empty, err
		}
		return call(s, text)
	})
}

// codePage is that of the response; nil in an event, which has none.
func (p *Page) codePage() *codepage.CodePage {
	if p.Response == nil {
		return nil
	}
	return p.Response.CodePage()
}

// A LastError is ASPError.
type LastError struct{ e asp.ErrorObject }

// Class is the table of ASPError.
func (e *LastError) Class() *component.Class { return aspErrorClass }

var aspErrorClass = component.Make(component.Class{Name: "ASPError", Fresh: true, Members: []component.Member{
	errorText("ASPCode", func(e asp.ErrorObject) string { return e.ASPCode }),
	errorText("ASPDescription", func(e asp.ErrorObject) string { return e.ASPDescription }),
	errorText("Category", func(e asp.ErrorObject) string { return e.Category }),
	errorNumber("Column", func(e asp.ErrorObject) int { return e.Column }),
	errorText("Description", func(e asp.ErrorObject) string { return e.Description }),
	errorText("File", func(e asp.ErrorObject) string { return e.File }),
	errorNumber("Line", func(e asp.ErrorObject) int { return e.Line }),
	errorNumber("Number", func(e asp.ErrorObject) int { return int(e.Number) }),
	errorText("Source", func(e asp.ErrorObject) string { return e.Source }),
}})

func errorText(name string, get func(asp.ErrorObject) string) component.Member {
	return component.ReadOnly(name, "text", func(e *LastError) variant.Value { return variant.String(get(e.e)) })
}

func errorNumber(name string, get func(asp.ErrorObject) int) component.Member {
	return component.ReadOnly(name, "number", func(e *LastError) variant.Value { return numbers(get(e.e)) })
}
