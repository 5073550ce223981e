package main

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/component/mail"
	"github.com/najahost/naja/component/scripting"
	"github.com/najahost/naja/engine"
)

// componentsOf are what Server.CreateObject makes for the pages of an application:
// the same in this process and in its workers.
func componentsOf(app config.Application) (map[string]component.Component, error) {
	all := scripting.Components(scripting.Config{})
	post, err := mailOf(app)
	if err != nil {
		return nil, err
	}
	maps.Copy(all, post.Components())
	return all, nil
}

// withComponents makes the engine of an application whose state is in memory.
func withComponents(app config.Application) (*engine.Engine, error) {
	var err error
	if app.Components, err = componentsOf(app); err != nil {
		return nil, err
	}
	return engine.New(app.Config)
}

// knownComponents are what there is, for who asks for names alone.
func knownComponents() map[string]component.Component {
	all := scripting.Components(scripting.Config{})
	if post, err := mail.Open(mail.Config{}); err == nil {
		maps.Copy(all, post.Components())
	}
	return all
}

// mailOf is where its pages send mail.
func mailOf(app config.Application) (*mail.Mail, error) {
	relay, err := config.Resolved(app.Mail.Relay)
	if err != nil {
		return nil, &engine.ConfigError{Setting: "mail.relay", Problem: err.Error()}
	}
	password, err := config.Resolved(app.Mail.Password)
	if err != nil {
		return nil, &engine.ConfigError{Setting: "mail.password", Problem: err.Error()}
	}
	m, err := mail.Open(mail.Config{
		Relay: relay, Password: password, Allow: app.Mail.Allow, Files: attachments{app.Root},
		MaxRecipients: app.Mail.RecipientsMax, MaxBytes: app.Mail.SizeMax, PerMinute: app.Mail.PerMinute, Timeout: app.Mail.Timeout,
	})
	if err != nil {
		setting := "mail.relay"
		if strings.Contains(err.Error(), "HOST:PORT") && !strings.Contains(err.Error(), "relay") {
			setting = "mail.allow"
		}
		return nil, &engine.ConfigError{Setting: setting, Problem: strings.TrimPrefix(err.Error(), "mail: ")}
	}
	return m, nil
}

// attachments are the files of a site that its pages may send: those that it would
// send to visitors as well, by the paths that Server.MapPath gives or from the root.
type attachments struct{ root string }

// Open opens one, and nothing outside of the root.
func (a attachments) Open(name string) (fs.File, error) {
	refused := &component.Error{Number: component.Control(3002), Description: "File could not be opened."}
	if a.root == "" {
		return nil, refused
	}
	root, err := filepath.Abs(a.root)
	if err != nil {
		return nil, refused
	}
	local := filepath.FromSlash(strings.ReplaceAll(name, `\`, "/"))
	if rel, err := filepath.Rel(root, local); err == nil && filepath.IsAbs(local) && filepath.IsLocal(rel) {
		local = rel
	}
	local = strings.TrimLeft(local, string(filepath.Separator))
	if !filepath.IsLocal(local) || isSource(filepath.ToSlash(local)) {
		return nil, refused
	}
	f, err := os.OpenInRoot(root, local)
	if err != nil {
		refused.Err = err
		return nil, refused
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		refused.Err = cmp.Or(err, errors.New("it is no file"))
		return nil, errors.Join(refused, f.Close())
	}
	return f, nil
}

// isSource tells what belongs to the site and to nobody who reads its mail: pages,
// includes, settings, databases, and what has a dot before its name.
func isSource(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") {
			return true
		}
	}
	return slices.Contains([]string{".asp", ".asa", ".inc", ".toml", ".config", ".db", ".sqlite", ".sqlite3", ".mdb", ".accdb", ".udl"}, strings.ToLower(path.Ext(name)))
}
