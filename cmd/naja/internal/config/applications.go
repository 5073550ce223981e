package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/setting"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/operate/isolate"
)

// chosen lists the applications to serve: the file's, or one at "/".
func (l *loader) chosen(dir string) []table {
	if (dir == "" || l.all) && len(l.tables) > 0 {
		return l.tables
	}
	argument := Origin{Flag: "DIR"}
	if dir == "" {
		dir = "."
	}
	single := table{origin: argument}
	for _, t := range l.tables {
		if root, ok := t.value("root").(string); ok && sameFolder(root, dir) {
			single.assignments = append(single.assignments, t.without("path", "root")...)
			break
		}
	}
	single.assignments = append(single.assignments,
		assignment{argument, "path", "/"}, assignment{argument, "root", dir})
	return []table{single}
}

func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	two, err := os.Stat(b)
	return err == nil && os.SameFile(one, two)
}

// application makes one application's settings of the defaults and its table.
func (l *loader) application(t table) (Application, error) {
	cfg := l.defaults
	to := target{app: &cfg}
	for _, a := range t.assignments {
		if err := a.apply(l.keys[a.key], to); err != nil {
			return cfg, err
		}
	}
	origins := t.origins()
	for _, needed := range []string{"path", "root"} {
		if _, ok := origins[needed]; !ok {
			return cfg, &Error{t.origin, needed, "is missing in this [[application]]; want " + example(needed)}
		}
	}
	if info, err := os.Stat(cfg.Root); err != nil || !info.IsDir() {
		return cfg, &Error{origins["root"], "root", fmt.Sprintf("%q is not a folder that exists", cfg.Root)}
	}
	if cfg.Hosting.UpdateProgram != "" && cfg.Worker.Executable == "" {
		origin, ok := origins["update_program"]
		if !ok {
			origin = l.origins["update_program"]
		}
		return cfg, &Error{origin, "update_program", "needs worker_executable beside it, whose place it takes; the server's own program isn't replaced"}
	}
	return l.withDefaults(cfg, origins)
}

func example(name string) string {
	if name == "path" {
		return `path = "/" or a prefix such as "/shop"`
	}
	return `root = "the folder that holds the site"`
}

// withDefaults lets the engine check cfg, and puts a place to its complaint.
func (l *loader) withDefaults(app Application, own map[string]Origin) (Application, error) {
	with := app.Config
	with.SessionCookieSecure = true // finishSession knows whether it is, and looks at the cookie
	full, err := with.WithDefaults()
	full.SessionCookieSecure = app.Config.SessionCookieSecure
	if err == nil {
		app.Worker, err = app.Worker.WithDefaults()
	}
	if bad, ok := errors.AsType[*engine.ConfigError](err); ok {
		origins := maps.Clone(l.origins)
		maps.Copy(origins, own)
		return app, &Error{origins[bad.Setting], bad.Setting, bad.Problem}
	}
	app.Config = full
	return app, err
}

func (c *Config) checkTLS() error {
	switch {
	case c.Server.TLSCert != "" && c.Server.TLSKey == "":
		return c.BadServer("tls_cert", "needs tls_key beside it")
	case c.Server.TLSKey != "" && c.Server.TLSCert == "":
		return c.BadServer("tls_key", "needs tls_cert beside it")
	case c.Server.TLSCert != "" && c.Server.Scheme == "http":
		return c.BadServer("scheme", `can't be "http" beside tls_cert`)
	case c.Server.H2C && c.Server.TLSCert != "":
		return c.BadServer("h2c", "is HTTP/2 without TLS, and there is tls_cert, which has HTTP/2 by itself")
	}
	return nil
}

// checkNeighbours refuses an application that one before it would get into
// the way of.
func (c *Config) checkNeighbours(cfg Application, t table) error {
	for i, other := range c.Applications {
		if other.Path == cfg.Path {
			return &Error{t.origins()["path"], "path", fmt.Sprintf("%q is already the path of another [[application]] (%s)",
				cfg.Path, c.origin(i, "path"))}
		}
		// A browser sends the cookies of all enclosing paths, so that the
		// inner application would find the outer one's session first or last
		// as the browser likes.
		if other.SessionCookie == cfg.SessionCookie && (encloses(other.Path, cfg.Path) || encloses(cfg.Path, other.Path)) {
			origin, ok := t.origins()["session_cookie"]
			if !ok {
				origin = c.origin(i, "session_cookie")
			}
			return &Error{origin, "session_cookie", fmt.Sprintf("%q is the cookie of %s and of %s below the same path; give each [[application]] one of its own",
				cfg.SessionCookie, other.Path, cfg.Path)}
		}
	}
	return nil
}

func encloses(outer, inner string) bool {
	return outer == "/" || strings.HasPrefix(inner, outer+"/")
}

// An Application is what the settings say about one application: the engine's,
// and what the command sees to before there is one. The comments name the keys
// and their defaults.
type Application struct {
	engine.Config

	// State (state) names the store of sessions and Application: memory,
	// sqlite:PATH, redis://…, postgres://…. Default "memory".
	State string
	// Durable (durable) is what a store on disk promises: strict, that what
	// was answered for is on the disk; relaxed, that it outlives the process,
	// while the last moments before a power cut may be lost. Default "strict".
	Durable string
	// Worker are the settings of worker processes (worker_…, recycle_… and
	// others), for isolation = "process"; its Engine isn't used.
	Worker isolate.Config
	// Hosting (preload, hold_…, update_… and others) is what operators have. The
	// command fills in the rest of it.
	Hosting host.Config
	// Watch (watch) has changed files noticed by the system's messages, beside
	// check_interval. Default true.
	Watch bool
	// Session ([session]) says which library keeps the sessions.
	Session Session
	// Mail ([mail]) says where pages may send mail.
	Mail Mail
}

func defaultApplication() (app Application) {
	for _, of := range []setting.Owner{setting.Application, setting.Host, setting.Session, setting.Mail} {
		setting.Fill(of, owner(target{app: &app}, of))
	}
	return app
}
