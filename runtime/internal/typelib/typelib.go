// Package typelib has the constants of the type libraries that pages ask for by
// <!--METADATA TYPE="typelib"-->.
package typelib

import (
	"slices"
	"strings"
)

// A constant is a number, or a text.
type constant struct {
	name, text string
	number     int32
}

// A Library is the constants of one type library. It never changes.
type Library struct {
	Name string // ADODB

	files     string // what the name of its file begins with
	uuids     []string
	constants []constant
}

// Find is the library of a METADATA comment, by the identifier or else by the
// name of the file; nil for one that isn't known here.
func Find(file, uuid string) *Library {
	uuid = strings.ToUpper(strings.Trim(uuid, "{} "))
	name := strings.ToLower(strings.TrimSpace(file[strings.LastIndexAny(file, `\/`)+1:]))
	all := libraries()
	for i := range all {
		if uuid != "" && slices.Contains(all[i].uuids, uuid) {
			return &all[i]
		}
	}
	for i := range all {
		if name != "" && strings.HasPrefix(name, all[i].files) {
			return &all[i]
		}
	}
	return nil
}

// libraries are all that are known; of two whose files begin alike the longer
// name comes first.
func libraries() []Library {
	return []Library{
		{"ADODB", "msado", []string{
			"00000200-0000-0010-8000-00AA006D2EA4", "00000201-0000-0010-8000-00AA006D2EA4", "00000205-0000-0010-8000-00AA006D2EA4",
			"00000206-0000-0010-8000-00AA006D2EA4", "2A75196C-D9EB-4129-B803-931327F72D5C", "B691E011-1797-432E-907A-4D8C69339129",
		}, ado[:]},
		{"Scripting", "scrrun", []string{"420B2830-E718-11CF-893D-00A0C9054228"}, scripting[:]},
		{"CDONTS", "cdonts", []string{"0E064ADD-9D99-11D0-ABE5-00AA0064D470"}, cdonts[:]},
		{"CDO", "cdo", []string{"CD000000-8B95-11D1-82DB-00C04FB1625D"}, cdo[:]},
	}
}

// Constant is the value of a constant, an int32 or a string; names are those of
// the library, in their case.
func (l *Library) Constant(name string) (any, bool) {
	i, ok := slices.BinarySearchFunc(l.constants, name, func(c constant, name string) int { return strings.Compare(c.name, name) })
	switch {
	case !ok:
		return nil, false
	case l.constants[i].text != "":
		return l.constants[i].text, true
	}
	return l.constants[i].number, true
}
