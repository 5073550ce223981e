package engine

import (
	"sync"
	"time"

	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// modules are what the pages of a site get by require. Files that changed are
// noticed as those of pages are.
type modules struct {
	*runtime.Modules
	files *moduleFiles
}

func newModules(s *site.Site, compiler *runtime.Compiler) modules {
	files := &moduleFiles{site: s}
	return modules{compiler.NewModules(files), files}
}

// moduleFiles reads modules and remembers what they looked like.
type moduleFiles struct {
	site *site.Site

	mu      sync.Mutex
	stamps  []site.Stamp
	checked time.Time
}

// ReadFile is [runtime.Files].
func (f *moduleFiles) ReadFile(name string) ([]byte, error) {
	content, stamp, err := f.site.Read(name, site.MaxSourceFile)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stamps = append(f.stamps, stamp)
	return content, nil
}

// current gives the modules, without those whose files changed.
func (m modules) current(interval time.Duration) *runtime.Modules {
	f := m.files
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.stamps) == 0 || interval > 0 && time.Since(f.checked) < interval {
		return m.Modules
	}
	f.checked = time.Now()
	switch {
	case f.site.Unchanged(f.stamps):
	case f.site.BeingSaved(f.stamps):
		f.checked = f.checked.Add(site.SaveLook - interval)
	default:
		f.stamps = nil
		m.Reset()
	}
	return m.Modules
}
