package runtime

import (
	"context"
	"log/slog"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// consoleClass is console: its lines go to the application's log with the
// page's name and line. (Ours; ASP has Response.AppendToLog.)
var consoleClass = newClass("console",
	consoleMethod("log", slog.LevelInfo),
	consoleMethod("info", slog.LevelInfo),
	consoleMethod("debug", slog.LevelDebug),
	consoleMethod("warn", slog.LevelWarn),
	consoleMethod("error", slog.LevelError),
)

func consoleMethod(name string, level slog.Level) member {
	return method(name, func(h *host, args []goja.Value) goja.Value {
		h.console(level, args)
		return nil
	})
}

// console writes one record; slog's handlers keep line ends within it.
func (sc *script) console(level slog.Level, args []goja.Value) {
	log := sc.env.Log
	if log == nil || !log.Enabled(context.Background(), level) {
		return
	}
	parts := make([]string, len(args))
	for i, a := range args {
		parts[i] = sc.inspect(a)
	}
	at := sc.here()
	log.Log(context.Background(), level, strings.Join(parts, " "), "page", at.file, "line", at.line)
}

// inspect shows plain objects as JSON, as consoles do, and everything else as
// text.
func (sc *script) inspect(v goja.Value) string {
	obj, ok := v.(*goja.Object)
	if h := sc.hosts[obj]; ok && h != nil && h.primitive != nil {
		v = h.primitive(h)
	}
	switch {
	case goja.IsUndefined(v) || goja.IsNull(v): // nothing, to a visitor
		return v.String()
	case !ok || sc.hosts[obj] != nil:
		return clipLog(sc.text(v))
	}
	switch obj.ClassName() {
	case "Object", "Array":
		if b, err := obj.MarshalJSON(); err == nil {
			return clipLog(string(b))
		}
	}
	return clipLog(obj.String())
}

// clipLog bounds a line of the log.
func clipLog(s string) string {
	const most = 64 << 10
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// objectContextClass is ObjectContext: transactions are refused clearly.
var objectContextClass = newClass("ObjectContext",
	action("SetAbort", noTransaction),
	action("SetComplete", noTransaction),
)

func noTransaction(h *host, _ []goja.Value) goja.Value {
	h.throw(asp.New(210, "ObjectContext: pages have no transactions here"))
	return nil
}
