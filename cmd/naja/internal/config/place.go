package config

import (
	"errors"
	"path/filepath"
	"strings"
)

// A Place is where a state setting keeps sessions and Application: memory,
// sqlite:PATH, redis://…, postgres://…. Nothing else takes the text apart.
type Place struct {
	Scheme string // what stands before the colon
	Rest   string // what follows it: the path of a file, or a URL without its scheme; may hold a password
}

// PlaceOf takes a setting apart. A colon with nothing behind it is none.
func PlaceOf(state string) Place {
	scheme, rest, _ := strings.Cut(state, ":")
	if rest == "" {
		return Place{Scheme: state}
	}
	return Place{scheme, rest}
}

// String is the setting again.
func (p Place) String() string {
	if p.Rest == "" {
		return p.Scheme
	}
	return p.Scheme + ":" + p.Rest
}

// A form is what follows the colon of a scheme.
type form int

const (
	noForm form = iota // there is no such scheme
	alone              // nothing
	ofFile             // the path of a file
	ofURL              // a URL without its scheme
)

// formOf says what follows a scheme that this or a later version can serve.
func formOf(scheme string) form {
	return map[string]form{
		"memory": alone, "sqlite": ofFile,
		"redis": ofURL, "rediss": ofURL, "postgres": ofURL, "postgresql": ofURL,
	}[scheme]
}

// isFile says that Rest is the path of a file.
func (p Place) isFile() bool { return formOf(p.Scheme) == ofFile && p.Rest != "" }

// In is the place with the path of its file, if it is one, in a folder, unless
// that path is absolute.
func (p Place) In(folder string) Place {
	if p.isFile() && !filepath.IsAbs(p.Rest) {
		p.Rest = filepath.Join(folder, p.Rest)
	}
	return p
}

// Absolute is the place for a process with another working directory.
func (p Place) Absolute() (Place, error) {
	if !p.isFile() {
		return p, nil
	}
	path, err := filepath.Abs(p.Rest)
	return Place{p.Scheme, path}, err
}

// checkState takes what this or a later version can serve. It doesn't repeat
// the text, which may hold a password.
func checkState(state string) error {
	p, ok := PlaceOf(state), false
	switch formOf(p.Scheme) {
	case alone:
		ok = p.Rest == ""
	case ofFile:
		ok = p.Rest != ""
	case ofURL:
		ok = strings.HasPrefix(p.Rest, "//")
	}
	if !ok {
		return errors.New("is none that there is")
	}
	return nil
}
