package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/najahost/naja/engine"
)

// DefaultFile is read from the folder that is served, or else from the working
// directory, when no file is named.
const DefaultFile = "naja.toml"

// Options say where the configuration comes from. The zero value reads
// naja.toml if there is one.
type Options struct {
	// File is the TOML file. Default: naja.toml in Dir, or else in the working
	// directory. Both may be missing.
	File string
	// Dir is the root of one application at "/", which takes the place of the
	// file's applications. If one of those has the same root, its own keys
	// hold for Dir as well. Default: the file's applications, or the working
	// directory if it has none.
	Dir string
	// All serves the applications of a naja.toml that was found in Dir, all of
	// them and as they are there, in the place of Dir.
	All bool
	// Flags are values of top-level keys given by flags of their own.
	Flags []Flag
	// Sets are the KEY=VALUE of --set, later ones over earlier ones.
	Sets []string
	// Dev is --dev: pages are looked at on every request and errors shown.
	Dev bool
}

// A Flag is the text that a flag gave to a top-level key.
type Flag struct {
	Name  string // as the user typed it, "--addr"
	Key   string
	Value string
}

// A Config is what is in force. It belongs to the caller of [Load].
type Config struct {
	// File is the file that was read; empty if there was none.
	File string
	// Passed is the naja.toml of the working directory, which isn't read where
	// the folder has one of its own; "" if that wasn't so.
	Passed string
	// Server holds the settings of the process.
	Server Server
	// Applications has at least one element; the defaults are filled in.
	Applications []Application

	options  Options
	defaults Application // the top-level application keys
	top      map[string]Origin
	own      []map[string]Origin // by application
}

// Load reads the configuration. Its errors are of type *[Error].
func Load(opts Options) (*Config, error) {
	l := newLoader()
	file, passed := opts.file()
	if err := l.readFile(file); err != nil {
		return nil, err
	}
	l.all = opts.All && opts.File == "" && file != ""
	line, err := opts.commandLine()
	if err != nil {
		return nil, err
	}
	for _, a := range line {
		if err := l.assign(a); err != nil {
			return nil, err
		}
	}
	c, err := l.config(opts)
	if err == nil {
		c.Passed = passed
	}
	return c, err
}

// file is the file to read, "" for that of the working directory if there is
// one, which isn't read but passed where Dir is another folder with one.
func (o Options) file() (name, passed string) {
	if o.File != "" || o.Dir == "" || sameFolder(o.Dir, ".") {
		return o.File, ""
	}
	own := filepath.Join(o.Dir, DefaultFile)
	if !isFile(own) {
		return "", ""
	}
	if isFile(DefaultFile) {
		passed = DefaultFile
	}
	return own, passed
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// commandLine lists what the command line says, the stronger after the weaker.
func (o Options) commandLine() ([]assignment, error) {
	var all []assignment
	if o.Dev {
		dev := Origin{Flag: "--dev"}
		all = append(all, assignment{dev, "check_interval", "0s"}, assignment{dev, "script_error_sent_to_browser", true})
	}
	for _, f := range o.Flags {
		all = append(all, assignment{Origin{Flag: f.Name}, f.Key, f.Value})
	}
	for _, set := range o.Sets {
		origin := Origin{Flag: "--set"}
		name, value, ok := strings.Cut(set, "=")
		if !ok {
			return nil, &Error{Origin: origin, Problem: fmt.Sprintf("%q has no value; want KEY=VALUE", set)}
		}
		all = append(all, assignment{origin, strings.TrimSpace(name), bare(strings.TrimSpace(value))})
	}
	return all, nil
}

// Bad returns the error for a setting of Applications[application] that the
// caller can't serve, at the place where it was given.
func (c *Config) Bad(application int, setting, problem string) error {
	return &Error{Origin: c.origin(application, setting), Key: setting, Problem: problem}
}

// BadServer is Bad for a setting of the server.
func (c *Config) BadServer(setting, problem string) error {
	return &Error{Origin: c.top[setting], Key: setting, Problem: problem}
}

// Locate returns what the engine says about Applications[application] with
// the place of the setting that it names. Any other error is returned as it is.
func (c *Config) Locate(application int, err error) error {
	if bad, ok := errors.AsType[*engine.ConfigError](err); ok {
		return c.Bad(application, bad.Setting, bad.Problem)
	}
	return err
}

func (c *Config) origin(application int, setting string) Origin {
	if origin, ok := c.own[application][setting]; ok {
		return origin
	}
	return c.top[setting]
}

// config makes the Config from what was read.
func (l *loader) config(opts Options) (*Config, error) {
	c := &Config{options: opts, File: l.file, Server: l.server, top: l.origins}
	if err := c.checkTLS(); err != nil {
		return nil, err
	}
	l.defaults.WriteStallTimeout = l.server.WriteStallTimeout
	l.defaults.Dev = opts.Dev

	var err error
	check := l.defaults
	check.Root, check.Path = ".", "/"
	if c.defaults, err = l.withDefaults(check, nil); err != nil {
		return nil, err
	}
	for _, t := range l.chosen(opts.Dir) {
		cfg, err := l.application(t)
		if err != nil {
			return nil, err
		}
		if err := c.checkNeighbours(cfg, t); err != nil {
			return nil, err
		}
		c.Applications = append(c.Applications, cfg)
		c.own = append(c.own, t.origins())
		if err := c.finishSession(len(c.own) - 1); err != nil {
			return nil, err
		}
	}
	return c, c.checkMeaning(opts.Dir != "" && len(l.tables) > 0)
}
