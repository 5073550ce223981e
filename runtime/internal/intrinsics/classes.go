package intrinsics

import (
	"slices"

	"github.com/najahost/naja/component"
)

// classes are all tables, those of the objects that pages name first.
var classes = [...]*component.Class{
	requestClass, responseClass, serverClass, sessionClass, applicationClass, aspErrorClass,
	queryStringClass, formClass, certificateClass, serverVariablesClass, itemClass,
	requestCookiesClass, requestCookieClass, responseCookiesClass, responseCookieClass, filesClass, fileClass,
	contentsClasses[InSession], contentsClasses[InApplication], staticsClasses[InSession], staticsClasses[InApplication],
}

// named is how many of them pages name.
const named = 5

// Classes are the tables of all objects: those that pages name, then the others.
func Classes() []*component.Class { return classes[:] }

// Global is the table of an object that pages name; nil for any other name.
func Global(name string) *component.Class {
	for _, c := range classes[:named] {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Gives is the table of what a member gives, nil where that is no object of
// this package's.
func Gives(m *component.Member) *component.Class {
	if m == nil || m.Gives == "" {
		return nil
	}
	for _, c := range classes {
		if c.Name == m.Gives {
			return c
		}
	}
	return nil
}

// IsText tells the objects that pages take for texts.
func IsText(c *component.Class) bool { return c == itemClass || c == requestCookieClass }

// Counted are the names of the properties that pages write with parentheses
// behind.
func Counted() []string {
	var names []string
	for _, c := range classes {
		for _, m := range c.Members {
			if m.Counted && !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
	}
	return names
}
