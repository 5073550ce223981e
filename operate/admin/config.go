package admin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/najahost/naja/operate/host"
)

// anyAccount is the Config.Account that stands for all of the file.
const anyAccount = "any"

// A Config says what a console shows and who may use it. The zero value of a
// field is its default.
type Config struct {
	// Applications are what the console is for, in the order in which they are
	// shown. Their owner shuts them down, after Close.
	Applications []*host.Application
	// Server describes the process.
	Server Server

	// Account (admin_account) is who may administer: the name of an account
	// in Users, or "any" for each of them. Default "": whoever reaches the
	// console, which must be on a loopback listener then.
	Account string
	// Users (admin_users) is the file of accounts, one ACCOUNT:HASH a line,
	// with bcrypt or argon2id hashes as htpasswd and [SetPassword] write them.
	// It is read again when it has changed. Needed with Account.
	Users string
	// Identify takes the place of Account and Users in a program that has a
	// login of its own: it says who sent a request, and whether that is an
	// administrator. Default: nil.
	Identify func(*http.Request) (account string, ok bool)
	// Loopback says that the console's listener is a loopback one.
	Loopback bool
	// TLS says that requests reach the console over TLS although they don't
	// look so, as behind a proxy on another machine. Default: the request's
	// own connection counts.
	TLS bool

	// Reload (POST /reload-config) reads the settings again and puts in force
	// what can be. Default: nil, the program has none to read.
	Reload func(context.Context) (Reloaded, error)
	// Restart (POST /restart) starts the program anew in another process, and
	// returns its number once it serves in the place of this one, which ends by
	// itself then; after an error this one serves on. Default: nil, the program
	// can't.
	Restart func(context.Context) (pid int, err error)
	// Metrics hears of the applications' requests; they have it as their
	// Observer. Default: nil, /metrics has what the status tells.
	Metrics *Metrics
	// Passes lets administrators through a hold; the applications ask it.
	// Default: nil, nobody passes.
	Passes *Passes
	// Pprof (admin_pprof) serves Go's profiles below /debug/pprof/. Default:
	// 404.
	Pprof bool
	// ShowValues (admin_show_values) lets administrators see what is in a
	// session, not only the names and sizes.
	ShowValues bool
	// Logger gets a line for each change and each refused attempt. Default:
	// slog.Default().
	Logger *slog.Logger

	now func() time.Time // tests have their own
}

// A Server describes the process that the console belongs to.
type Server struct {
	Version string    // default: that of the build
	Started time.Time // default: when the console was made
	Site    string    // URL of the sites' listener, such as "http://127.0.0.1:8080"; for Passes
	// Settings are those in force, in the order in which they are shown.
	// Secrets are masked by whoever fills it. It is called at each look;
	// default: nil.
	Settings func() []Setting
}

// A Setting is one that is in force.
type Setting struct {
	Application string `json:"application"` // "" for the server's
	Name        string `json:"name"`
	Value       string `json:"value"`  // as in naja.toml
	Origin      string `json:"origin"` // where it was given; "" for a default
}

// Reloaded is what became of settings that were read again.
type Reloaded struct {
	Changed      []string `json:"changed"`       // are in force now
	NeedsRestart []string `json:"needs_restart"` // differ, but can't change while the process runs
}

// A ConfigError says which field of a Config can't be used, by its name in
// naja.toml.
type ConfigError struct {
	Setting string
	Problem string // "wants …"
}

func (e *ConfigError) Error() string { return "admin: " + e.Setting + ": " + e.Problem }

// errNoReload is that there are no settings to be read.
var errNoReload = errors.New("this program has no settings to read again")

// errNoRestart is that the program doesn't start another process.
var errNoRestart = errors.New("this program can't restart by itself")

// Check says what is wrong with who may use the console, as New does, for a
// program that wants to know it before it starts its applications. The error
// is a [*ConfigError].
func (c Config) Check() error {
	_, err := c.accounts()
	return err
}

// accounts refuses what would let anybody in, and reads the file of accounts
// where there is to be one.
func (c *Config) accounts() (*users, error) {
	if c.Identify != nil {
		return nil, nil
	}
	if err := c.closed(); err != nil || c.Account == "" {
		return nil, err
	}
	u, err := openUsers(c.Users)
	if err != nil {
		return nil, &ConfigError{"admin_users", err.Error()}
	}
	if err := u.table.has(c.Account); err != nil {
		return nil, &ConfigError{"admin_account", fmt.Sprintf("%v in %s; 'naja admin passwd' adds one", err, c.Users)}
	}
	return u, nil
}

func (c *Config) closed() error {
	switch {
	case c.Account == "" && !c.Loopback:
		return &ConfigError{"admin_account", `is empty, which a loopback listener alone allows; want "any" or an account's name, or admin_addr = "127.0.0.1:…"`}
	case c.Account != "" && !c.Loopback && !c.TLS:
		return &ConfigError{"admin_account", "needs TLS (tls_cert, tls_key) or a loopback admin_addr: passwords don't travel in the clear"}
	case c.Account != "" && c.Users == "":
		return &ConfigError{"admin_users", "is empty; want the file that 'naja admin passwd' writes"}
	}
	return nil
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	c.Applications = slices.Clone(c.Applications)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.Server.Started.IsZero() {
		c.Server.Started = c.now()
	}
	if c.Server.Version == "" {
		c.Server.Version = buildVersion()
	}
	return c
}
