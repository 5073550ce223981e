// Package scripting is what Windows Script gave to every page:
// Scripting.Dictionary, VBScript.RegExp and Scriptlet.TypeLib. [Components] makes
// what a program hands over in engine.Config.Components.
//
// Behaviour is that of Microsoft's reference of Windows Script 5.6, and where that
// says nothing, of the conformance tests of Wine, which pass on Windows
// (dlls/scrrun/tests/dictionary.c, dlls/vbscript/tests/regexp.vbs).
package scripting

import "github.com/najahost/naja/component"

// Components are these objects by their ProgIDs. They need nothing and keep
// nothing: any number of applications may have the same.
func Components() map[string]component.Component {
	return map[string]component.Component{
		"Scripting.Dictionary": {Threading: component.Agile, Make: func(env component.Env) (component.Object, error) { return newDictionary(env.Context()), nil }},
		"VBScript.RegExp":      {Make: func(env component.Env) (component.Object, error) { return newRegExp(env.Context()), nil }},
		"Scriptlet.TypeLib":    {Make: func(component.Env) (component.Object, error) { return newTypeLib(), nil }},
	}
}
