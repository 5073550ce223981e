package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/operate/isolate"
)

func serveCommand(ctx context.Context, out *console, args []string) (err error) {
	// From here on, and not from when it listens: what supervises the server may
	// send SIGHUP at any moment, and by itself it ends the process.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	renewals := make(chan os.Signal, 1)
	signal.Notify(renewals, renewalSignals()...)
	defer signal.Stop(renewals)
	defer outliveReaders()()
	before, err := inherit()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = before.fail(err)
		}
	}()
	cfg, err := serveConfig(out, args)
	if err != nil {
		return err
	}
	written, out := openOutlets(out, cfg.Server)
	defer func() {
		err = reported(out.stderr, err)
		written.close()
	}()
	tuneCollector()
	log := newLogger(out.stderr, cfg.Server)
	sayConfigured(cfg, log)
	s := newServer(cfg.Server, log)
	s.hangups, s.renewals, s.before = hangups, renewals, before
	if err := s.open(ctx, cfg); err != nil {
		if ctx.Err() != nil && before == nil {
			log.Info("stopped before it listened", "reason", context.Cause(ctx))
			return nil
		}
		return err
	}
	s.announce(out)
	if err := s.serve(ctx); err != nil {
		return err
	}
	if s.lost != nil {
		return errCutShort
	}
	return nil
}

// open takes the sockets and starts the applications and the console. After an
// error nothing of it is left.
func (s *server) open(ctx context.Context, cfg *config.Config) (err error) {
	var taken []func() error // what gives back what was opened, in that order
	defer func() {
		if err != nil {
			for _, back := range slices.Backward(taken) {
				err = errors.Join(err, back())
			}
		}
	}()
	from, err := openSockets(s.before)
	if err != nil {
		return err
	}
	defer from.close()
	s.sockets = from
	s.dev = cfg.Applications[0].Dev
	if err := s.listen(ctx, from); err != nil {
		return err
	}
	taken = append(taken, func() error { s.listener.Close(); return nil })
	s.settingsAgain = newReloader(cfg, s.log)
	if s.desk, err = openDesk(ctx, cfg, s.settingsAgain, from); err != nil {
		return err
	}
	taken = append(taken, func() error { s.desk.close(); return nil })
	if s.sites, err = newSites(ctx, cfg, s.log, s.desk, s.before); err != nil {
		return err
	}
	taken = append(taken, func() error {
		ended, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience())
		defer cancel()
		return s.sites.shutdown(ended)
	})
	s.settingsAgain.apps = s.sites.hosted()
	if s.desk != nil {
		s.desk.restart = s.restart
		if err := s.desk.open(s.url()); err != nil {
			return err
		}
	}
	return s.before.takeOver(ctx, s.sites.hosted())
}

// sayConfigured says which file the settings are of, and what somebody who begins
// may have missed.
func sayConfigured(cfg *config.Config, log *slog.Logger) {
	if cfg.File != "" {
		log.Info("configured", "file", cfg.File)
	}
	if cfg.Passed != "" {
		log.Warn("this file isn't read, for the folder has its own", "file", cfg.Passed)
	}
	for _, app := range cfg.Applications {
		if what := lacks(app.Config); what != "" {
			log.Warn(what, "root", app.Root, "path", app.Path)
		}
	}
}

// announce says where the server is reached.
func (s *server) announce(out *console) {
	text := fmt.Sprintf("listening on %s\n", s.url())
	if s.desk != nil {
		text += fmt.Sprintf("admin on %s\n", s.desk.url())
	}
	_, _ = io.WriteString(out.stdout, text)
}

func serveConfig(out *console, args []string) (*config.Config, error) {
	var opts config.Options
	fs := newFlags(out, "serve")
	fs.serving(&opts)
	dir, err := fs.parse(args, 0, 1)
	if err != nil {
		return nil, err
	}
	if len(dir) > 0 {
		opts.Dir, opts.All = dir[0], true
	}
	cfg, err := config.Load(opts)
	if err != nil {
		return nil, err
	}
	return cfg, cmp.Or(available(cfg), cfg.RequireKeys())
}

// available refuses settings that are good but that this version can't serve,
// instead of doing something else than they say.
func available(cfg *config.Config) error {
	for i, app := range cfg.Applications {
		if why := unavailable(app.State); why != "" {
			return cfg.Bad(i, "state", why)
		}
		if app.Isolation == host.Process && !isolate.Available() {
			return cfg.Bad(i, "isolation", "\"process\" is not available on this system; want \"in-process\"")
		}
	}
	return nil
}

// newSites starts the applications. If one doesn't start, those before it are
// ended again.
func newSites(ctx context.Context, cfg *config.Config, log *slog.Logger, d *desk, before *inheritance) (sites mounts, err error) {
	for i, app := range cfg.Applications {
		app.Logger = log
		if len(cfg.Applications) > 1 {
			app.Logger = log.With("application", app.Path)
		}
		site, err := hostApplication(ctx, app, app.Logger, d, before)
		if err != nil {
			ended, cancel := context.WithTimeout(context.Background(), cfg.Server.ShutdownTimeout)
			defer cancel()
			if endErr := sites.shutdown(ended); endErr != nil {
				log.Warn("applications didn't end well", "error", endErr)
			}
			return nil, cfg.Locate(i, err)
		}
		sites = append(sites, mount{app.Path, site})
	}
	return sites, nil
}

func newLogger(w io.Writer, settings config.Server) *slog.Logger {
	options := &slog.HandlerOptions{Level: settings.LogLevel}
	if settings.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// tuneCollector lets the heap grow further between collections than Go does by
// itself, unless the operator says otherwise by GOGC. Every request leaves a
// script engine's worth of garbage and the rest of the heap is small, so that
// the default would collect some hundred times a second under load
// (bench/NOTES.md).
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// lacks says what a folder needs to be a site, "" if it has that.
func lacks(cfg engine.Config) string {
	found, begins := false, false
	err := fs.WalkDir(os.DirFS(cfg.Root), ".", func(name string, d fs.DirEntry, err error) error {
		base := strings.ToLower(path.Base(name))
		switch {
		case err != nil || name == ".":
			return err
		case base[0] == '.' && d.IsDir():
			return fs.SkipDir
		case base[0] == '.' || d.IsDir():
			return nil
		}
		ext := path.Ext(base)
		if ext == ".asp" || slices.Contains(cfg.StaticExtensions, ext) {
			found = true
		}
		begins = begins || path.Dir(name) == "." && slices.ContainsFunc(cfg.DefaultDocuments, func(d string) bool { return strings.EqualFold(d, base) })
		if found && begins {
			return fs.SkipAll
		}
		return nil
	})
	documents := strings.Join(cfg.DefaultDocuments, ", ")
	switch {
	case err != nil || begins:
		return ""
	case !found:
		return "the folder is empty: there is no page and no file to send; put a default.asp into it, or let naja new make a site"
	case documents == "":
		return ""
	}
	return "the folder has none of " + documents + ", so that / is not found"
}
