package runtime

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/require"
	"github.com/najahost/naja/internal/codepage"
)

// Modules are what pages get by require: CommonJS files and JSON below the
// root, node_modules included. A module is compiled once for all pages and
// run anew for each request that requires it, like everything else. It may be
// used by any number of goroutines.
type Modules struct {
	compiler *Compiler
	files    Files

	mu       sync.Mutex
	registry *require.Registry
	texts    map[string]*moduleText // of the modules that were compiled
}

// NewModules makes the modules of a site.
func (c *Compiler) NewModules(files Files) *Modules { return &Modules{compiler: c, files: files} }

// Reset forgets what was compiled, for files that changed. Scripts that run
// keep what they have.
func (m *Modules) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.registry, m.texts = nil, nil
}

// enable gives a script its require.
func (m *Modules) enable(sc *script) goja.Value {
	m.mu.Lock()
	if m.registry == nil {
		m.registry = require.NewRegistry(require.WithLoader(m.load), require.WithPathResolver(resolveModule))
	}
	registry := m.registry
	m.mu.Unlock()
	modules := registry.Enable(sc.vm)
	v := sc.named("require", func(call goja.FunctionCall) goja.Value {
		name := sc.text(call.Argument(0))
		exports, err := modules.Require(name)
		if err != nil {
			sc.throwModule(name, err)
		}
		return exports
	})
	sc.vm.Set("require", v) // which modules are given, too
	return v
}

// throwModule throws why a module can't be had.
func (sc *script) throwModule(name string, err error) {
	if ex, ok := errors.AsType[*goja.Exception](err); ok {
		panic(ex) // thrown by the module itself
	}
	if errors.Is(err, require.InvalidModuleError) || errors.Is(err, require.IllegalModuleNameError) || errors.Is(err, require.NoSuchBuiltInModuleError) {
		sc.throwRuntime("Error", jsThrown, "Cannot find module '%s'", clip(name))
	}
	sc.throwRuntime("SyntaxError", jsSyntax, "%s", err.Error())
}

// moduleHead is what stands before a module's first line when it is compiled.
const moduleHead = "(function(exports,require,module,__filename,__dirname){"

// resolveModule joins paths below the root; one that begins with a slash is
// meant from there. What leads out of it is refused by load.
func resolveModule(base, name string) string {
	if strings.HasPrefix(name, "/") {
		return path.Clean(name)[1:]
	}
	return path.Join(base, name)
}

// load reads a module. A text that isn't JavaScript goes through the dialect
// pass, as pages do.
func (m *Modules) load(name string) ([]byte, error) {
	name = strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), "/")
	if !fs.ValidPath(name) || name == "." {
		return nil, require.ModuleFileDoesNotExistError
	}
	raw, err := m.files.ReadFile(name)
	if err != nil {
		var pathErr *fs.PathError
		if errors.Is(err, fs.ErrNotExist) || errors.As(err, &pathErr) {
			return nil, require.ModuleFileDoesNotExistError // a folder, too
		}
		return nil, err
	}
	text := decodeModule(raw)
	if err := checkSource(text); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if path.Ext(name) == ".json" {
		return []byte(text), nil
	}
	t, err := m.compiler.module(name, text)
	if err != nil || t == nil {
		return []byte(text), err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.texts == nil {
		m.texts = make(map[string]*moduleText)
	}
	m.texts[name] = t
	return []byte(t.text), nil
}

// place finds where in its file a module is, by where in its compiled text.
func (m *Modules) place(name string, line, column int) place {
	var t *moduleText
	if m != nil {
		m.mu.Lock()
		t = m.texts[name]
		m.mu.Unlock()
	}
	if t == nil {
		return place{file: name, line: line, col: column}
	}
	return t.place(name, line, column)
}

// uses is the call that ready has put into a module.
func (sc *script) uses(call goja.FunctionCall) goja.Value {
	sc.extend(parseFeatures(call.Argument(0).String()))
	return goja.Undefined()
}

// decodeModule decodes a module: by its mark, else as UTF-8.
func decodeModule(raw []byte) string {
	cp, rest := codepage.DetectBOM(raw)
	if cp == nil {
		return string(raw)
	}
	text, _ := cp.Decode(rest)
	return text
}
