package ecmaregexp

import "unicode/utf16"

func wide(s string) Text {
	units := utf16.Encode([]rune(s))
	if units == nil {
		units = []uint16{}
	}
	return Wide(units)
}

func decode(units []uint16) []rune { return utf16.Decode(units) }
