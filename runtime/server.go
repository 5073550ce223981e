package runtime

import (
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
)

// serverClass is ASP's Server.
var serverClass = newClass("Server",
	method("CreateObject", func(h *host, args []goja.Value) goja.Value {
		return h.createObject(h.text(arg(args, 0)))
	}),
	method("MapPath", func(h *host, args []goja.Value) goja.Value {
		path, err := h.env.Host.MapPath(h.prog.name, h.text(arg(args, 0)))
		h.check(err)
		return h.vm.ToValue(path)
	}),
	method("HTMLEncode", func(h *host, args []goja.Value) goja.Value {
		return h.vm.ToValue(asp.HTMLEncode(h.text(arg(args, 0)), h.codePage()))
	}),
	method("URLEncode", func(h *host, args []goja.Value) goja.Value {
		return h.vm.ToValue(asp.URLEncode(h.text(arg(args, 0)), h.codePage()))
	}),
	method("URLPathEncode", func(h *host, args []goja.Value) goja.Value {
		return h.vm.ToValue(asp.URLPathEncode(h.text(arg(args, 0))))
	}),
	method("Execute", func(h *host, args []goja.Value) goja.Value {
		prog := h.program("Execute", h.text(arg(args, 0)))
		h.check(h.saveSession()) // the other page sees what this one changed
		h.check(h.saveApplication())
		h.check(h.execute(prog))
		return nil
	}),
	method("Transfer", func(h *host, args []goja.Value) goja.Value {
		prog := h.program("Transfer", h.text(arg(args, 0)))
		if h.transfers++; h.transfers > maxTransfers {
			h.throw(asp.New(codeExecute, "pages transfer to each other without end"))
		}
		h.stop(&transfer{to: prog})
		return nil
	}),
	action("GetLastError", func(h *host, _ []goja.Value) goja.Value {
		return h.newHost(aspErrorClass, h.env.LastError.Object())
	}),
	property("ScriptTimeout",
		func(h *host) goja.Value { return h.vm.ToValue(int(h.env.Host.ScriptTimeout() / time.Second)) },
		func(h *host, v goja.Value) {
			h.check(h.env.Host.SetScriptTimeout(time.Duration(h.number(v)) * time.Second))
		}),
)

// maxTransfers bounds the chain of Server.Transfer of one request.
const maxTransfers = 100

// serverObject makes Server.
func (sc *script) serverObject() goja.Value { return sc.newHost(serverClass, nil) }

// program finds the page that Execute or Transfer names.
func (sc *script) program(verb, path string) *Program {
	if sc.env.Response == nil || sc.env.Request == nil {
		sc.missing("Server."+verb, "an event has no page")
	}
	if err := checkPath(path); err != nil {
		sc.throw(err)
	}
	prog, err := sc.env.Host.Program(sc.ctx, sc.prog.name, path)
	sc.check(err)
	return prog
}

// checkPath refuses what IIS refuses in the path of Execute and Transfer.
func checkPath(path string) error {
	switch {
	case path == "":
		return asp.New(171, "")
	case len(path) > 4096:
		return asp.New(172, "the path is too long")
	case strings.Contains(path, "?"):
		return asp.New(235, "the path must not have a query string")
	case strings.ContainsAny(path, "*<>,:;'\"]\x00") || strings.Contains(path, "//"):
		return asp.New(173, clip(path))
	}
	return nil
}

// aspErrorClass is ASPError; self is an asp.ErrorObject.
var aspErrorClass = newClass("ASPError",
	errorMember("ASPCode", func(e asp.ErrorObject) any { return e.ASPCode }),
	errorMember("ASPDescription", func(e asp.ErrorObject) any { return e.ASPDescription }),
	errorMember("Category", func(e asp.ErrorObject) any { return e.Category }),
	errorMember("Column", func(e asp.ErrorObject) any { return e.Column }),
	errorMember("Description", func(e asp.ErrorObject) any { return e.Description }),
	errorMember("File", func(e asp.ErrorObject) any { return e.File }),
	errorMember("Line", func(e asp.ErrorObject) any { return e.Line }),
	errorMember("Number", func(e asp.ErrorObject) any { return e.Number }),
	errorMember("Source", func(e asp.ErrorObject) any { return e.Source }),
)

func errorMember(name string, get func(asp.ErrorObject) any) member {
	return readOnly(name, func(h *host) goja.Value { return h.vm.ToValue(get(h.self.(asp.ErrorObject))) })
}

// codePage is that of the response; nil in an event, which has none.
func (sc *script) codePage() *codepage.CodePage {
	if sc.env.Response == nil {
		return nil
	}
	return sc.env.Response.CodePage()
}
