package sqlite

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A Config says which state [Open] opens. Only Path has to be set; the zero
// value of every other field is its default.
type Config struct {
	// Path is the file; it is made when it isn't there, its folder isn't.
	// Beside it SQLite keeps two more, PATH-wal and PATH-shm, and the folder
	// PATH-alive has a mark for each process that uses it.
	Path string
	// Application names the application whose state it is, for files that
	// several applications share. Default "/".
	Application string
	// Relaxed saves the fsync of each transaction: what was acknowledged in
	// the last moments before a power cut may be lost. Default: it is on disk.
	Relaxed bool
	// Existing refuses to make a file, or an application in it: for who wants
	// to look at what is there.
	Existing bool
	// BusyTimeout is how long a write waits for another process's. Default 5s.
	BusyTimeout time.Duration
	// Readers is how many reads run at once. Default: one for each CPU, 2 to 8.
	Readers int
}

func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Path == "":
		return c, errors.New("sqlite: Config.Path is required")
	case strings.HasPrefix(c.Path, ":memory:"):
		return c, fmt.Errorf("sqlite: %s is no file", c.Path)
	}
	abs, err := filepath.Abs(c.Path)
	if err != nil {
		return c, fmt.Errorf("sqlite: %w", err)
	}
	c.Path = abs
	if c.Application == "" {
		c.Application = "/"
	}
	if c.BusyTimeout <= 0 {
		c.BusyTimeout = 5 * time.Second
	}
	if c.Readers <= 0 {
		c.Readers = min(max(runtime.GOMAXPROCS(0), 2), 8)
	}
	return c, nil
}

// dsn is what the driver calls the file. A path may have any character in it.
func (c *Config) dsn() string {
	slashed := filepath.ToSlash(c.Path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	name := url.URL{Scheme: "file", Path: slashed}
	return name.String() + "?mode=rw&_pragma=trusted_schema(0)" // [prepareFile] makes it
}
