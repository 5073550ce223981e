package pages

import (
	"sync"
	"time"

	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// Modules are what the pages of a site get by require. Files that changed are
// noticed as those of pages are.
type Modules struct {
	*runtime.Modules
	files *moduleFiles
}

// NewModules makes those of a site; none is read yet.
func NewModules(s *site.Site, compiler *runtime.Compiler) Modules {
	files := &moduleFiles{site: s}
	return Modules{compiler.NewModules(files), files}
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

// Current gives the modules, without those whose files changed.
func (m Modules) Current(interval time.Duration) *runtime.Modules {
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

// Forget has all modules looked at when one is asked for.
func (m Modules) Forget() {
	m.files.mu.Lock()
	defer m.files.mu.Unlock()
	m.files.checked = time.Time{}
}
