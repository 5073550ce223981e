package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/component/files"
	"github.com/najahost/naja/component/mail"
	"github.com/najahost/naja/component/scripting"
	"github.com/najahost/naja/engine"
)

// componentsOf are what Server.CreateObject makes for the pages of an application:
// the same in this process and in its workers.
// What was opened for them is to be closed after the application.
func componentsOf(app config.Application) (_ map[string]component.Component, closed func() error, err error) {
	door, err := files.Open(files.Config{Root: app.Root})
	if err != nil {
		return nil, nil, &engine.ConfigError{Setting: "root", Problem: err.Error()}
	}
	post, err := mailOf(app, door)
	if err != nil {
		return nil, nil, errors.Join(err, door.Close())
	}
	all := scripting.Components(scripting.Config{Files: door})
	maps.Copy(all, post.Components())
	return all, door.Close, nil
}

// knownComponents are what there is, for who asks for names alone.
func knownComponents() map[string]component.Component {
	all := scripting.Components(scripting.Config{Files: new(files.Door)}) // which nobody makes one with
	if post, err := mail.Open(mail.Config{}); err == nil {
		maps.Copy(all, post.Components())
	}
	return all
}

// mailOf is where its pages send mail.
func mailOf(app config.Application, door *files.Door) (*mail.Mail, error) {
	relay, err := config.Resolved(app.Mail.Relay)
	if err != nil {
		return nil, &engine.ConfigError{Setting: "mail.relay", Problem: err.Error()}
	}
	password, err := config.Resolved(app.Mail.Password)
	if err != nil {
		return nil, &engine.ConfigError{Setting: "mail.password", Problem: err.Error()}
	}
	m, err := mail.Open(mail.Config{
		Relay: relay, Password: password, Allow: app.Mail.Allow, Files: attachments{door},
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

// attachments are the files of a site that its pages may send, by the paths that
// Server.MapPath gives or from the root: what it would send to visitors as well.
type attachments struct{ door *files.Door }

// Open opens one.
func (a attachments) Open(name string) (fs.File, error) {
	spot, err := a.door.Find(name)
	if err == nil && isSource(spot.Path()) {
		err = fs.ErrNotExist
	}
	if err == nil {
		var f *os.File
		if f, err = spot.Open(); err == nil {
			return f, nil
		}
	}
	return nil, &component.Error{Number: component.Control(3002), Description: "File could not be opened.", Err: err}
}

// isSource tells what belongs to the site and to nobody who reads its mail: pages,
// includes, settings, databases.
func isSource(name string) bool {
	return slices.Contains([]string{".asp", ".asa", ".inc", ".toml", ".config", ".db", ".sqlite", ".sqlite3", ".mdb", ".accdb", ".udl"}, strings.ToLower(filepath.Ext(name)))
}
