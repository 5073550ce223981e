package runtime

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// globals is the prototype of a script's global object. It makes an intrinsic
// when a page first names it, so that a clean state costs nothing that isn't
// used, and it hands out the functions by which compiled pages write.
type globals struct {
	script *script
	made   [globalCount]goja.Value
}

// The slots of made. Those before slotResponse are for compiled pages alone:
// see hidden.
const (
	slotOutput = iota
	slotTypeOf
	slotSource
	slotPlain
	slotCalled
	slotUses
	slotSize
	slotLeft
	slotRight
	slotDelegate
	slotKey
	slotRegExp
	slotItemText
	slotBare
	slotRef
	slotRefMember
	slotIllegal
	slotResponse
	slotRequest
	slotServer
	slotSession
	slotApplication
	slotConsole
	slotEnumerator
	slotActiveX
	slotObjectContext
	slotVBArray
	slotScriptEngine
	slotMajor
	slotMinor
	slotBuild
	slotGetObject
	slotCollect
	slotSetTimeout
	slotClearTimeout
	slotSetInterval
	slotSetImmediate
	slotRequire
	slotCrypto
	globalCount
)

// slot finds a global's number; -1 for a name that isn't the host's.
func (g *globals) slot(key string) int {
	if key[0] == '$' {
		return g.hidden(key)
	}
	switch key {
	case "Response":
		return slotResponse
	case "Request":
		return slotRequest
	case "Server":
		return slotServer
	case "Session":
		return slotSession
	case "Application":
		return slotApplication
	case "console":
		return slotConsole
	case "Enumerator":
		return slotEnumerator
	case "ActiveXObject":
		return slotActiveX
	case "ObjectContext":
		return slotObjectContext
	case "VBArray":
		return slotVBArray
	case "ScriptEngine":
		return slotScriptEngine
	case "ScriptEngineMajorVersion":
		return slotMajor
	case "ScriptEngineMinorVersion":
		return slotMinor
	case "ScriptEngineBuildVersion":
		return slotBuild
	case "GetObject":
		return slotGetObject
	case "CollectGarbage":
		return slotCollect
	case "setTimeout":
		return slotSetTimeout
	case "clearTimeout", "clearInterval":
		return slotClearTimeout
	case "setInterval":
		return slotSetInterval
	case "crypto":
		return slotCrypto
	case "setImmediate":
		return slotSetImmediate
	case "require":
		if g.script.env.Modules != nil {
			return slotRequire
		}
	}
	return -1
}

// Get makes or finds a global of the host; nil sends the engine on to
// Object.prototype.
func (g *globals) Get(key string) goja.Value {
	if key == "" {
		return nil
	}
	if key[0] == '$' {
		if number, ok := strings.CutPrefix(key, g.script.prog.names.text); ok {
			return g.script.writeText(number)
		}
	}
	i := g.slot(key)
	if i < 0 {
		return g.script.declared(key)
	}
	if g.made[i] == nil {
		g.made[i] = g.script.makeGlobal(i)
	}
	return g.made[i]
}

// Has tells whether Get has something, without making it.
func (g *globals) Has(key string) bool {
	return key != "" && (g.slot(key) >= 0 || g.script.isDeclared(key))
}

// Set and Delete are never asked: an assignment to a global makes a property
// of the global object itself, which shadows this one.
func (g *globals) Set(string, goja.Value) bool { return false }

// Delete refuses.
func (g *globals) Delete(string) bool { return false }

// Keys hides the host's names from for…in over the global object.
func (g *globals) Keys() []string { return nil }

// makeGlobal makes what a slot holds.
func (sc *script) makeGlobal(slot int) goja.Value {
	if slot < slotResponse {
		return sc.makeHidden(slot)
	}
	switch slot {
	case slotResponse:
		return sc.responseObject()
	case slotRequest:
		return sc.requestObject()
	case slotServer:
		return sc.serverObject()
	case slotSession:
		return sc.sessionObject()
	case slotApplication:
		return sc.applicationObject()
	case slotConsole:
		return sc.newHost(consoleClass, nil)
	case slotObjectContext:
		return sc.newHost(objectContextClass, nil)
	}
	return sc.makeLibrary(slot)
}

// missing throws for an intrinsic that this event or page doesn't have.
func (sc *script) missing(name, why string) {
	sc.throw(asp.New(asp.CodeNotAllowed, name+" can't be used here: "+why))
}
