// Package scripting is what Windows Script gave to every page:
// Scripting.Dictionary, Scripting.FileSystemObject, VBScript.RegExp and
// Scriptlet.TypeLib. [Components] makes
// what a program hands over in engine.Config.Components.
//
// Behaviour is that of Microsoft's reference of Windows Script 5.6, and where that
// says nothing, of the conformance tests of Wine, which pass on Windows
// (dlls/scrrun/tests/dictionary.c and filesystem.c, dlls/vbscript/tests/regexp.vbs).
package scripting

import (
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/component/files"
)

// A Config says what the objects need.
type Config struct {
	// Files is what FileSystemObject reads and writes through. nil: there is no such
	// object.
	Files *files.Door
}

// Components are these objects by their ProgIDs. Files stays the caller's to close,
// after the application that has them.
func Components(cfg Config) map[string]component.Component {
	all := map[string]component.Component{
		"Scripting.Dictionary": {Threading: component.Agile, Make: func(env component.Env) (component.Object, error) { return newDictionary(env.Context()), nil }},
		"VBScript.RegExp":      {Make: func(env component.Env) (component.Object, error) { return newRegExp(env.Context()), nil }},
		"Scriptlet.TypeLib":    {Make: func(component.Env) (component.Object, error) { return newTypeLib(), nil }},
	}
	if cfg.Files != nil {
		all["Scripting.FileSystemObject"] = component.Component{Make: func(env component.Env) (component.Object, error) { return newFileSystem(cfg.Files, env), nil }}
	}
	return all
}
