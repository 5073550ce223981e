package runtime

import (
	"github.com/dop251/goja"
	"github.com/najahost/naja/runtime/internal/typelib"
)

// findLibraries looks for the type libraries that a page or global.asa asks for
// (METADATA).
func (p *Program) findLibraries() {
	for _, lib := range p.unit.TypeLibs {
		if l := typelib.Find(lib.File, lib.UUID); l != nil {
			p.libraries = append(p.libraries, l)
			continue
		}
		name := lib.File
		if name == "" {
			name = lib.UUID
		}
		p.unit.Page.Warnings = append(p.unit.Page.Warnings, Warning{Position: lib.Position,
			Message: "the type library " + clip(name) + " isn't known here: its constants are not defined"})
	}
}

// constant is the value of a constant of the page's type libraries, or of those
// of global.asa; nil for any other name. A page that declares the name has its
// own.
func (sc *script) constant(name string) goja.Value {
	for _, list := range [...]TypeLibraries{sc.runs.libraries, sc.env.Libraries} {
		for _, l := range list {
			if v, ok := l.Constant(name); ok {
				return sc.vm.ToValue(v)
			}
		}
	}
	return nil
}
