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

// isFile says that Rest is the path of a file.
func (p Place) isFile() bool { return p.Scheme == "sqlite" && p.Rest != "" }

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
	ok := false
	switch p := PlaceOf(state); p.Scheme {
	case "memory":
		ok = p.Rest == ""
	case "sqlite":
		ok = p.Rest != ""
	case "redis", "rediss", "postgres", "postgresql":
		ok = strings.HasPrefix(p.Rest, "//")
	}
	if !ok {
		return errors.New("is none that there is")
	}
	return nil
}
