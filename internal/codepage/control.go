package codepage

// IsControl says that a character must not stand in a header's value, a line of
// the log or the name of a file: C0 controls, DEL, and what some take for the end
// of a line (NEL, U+2028, U+2029).
func IsControl(r rune) bool {
	return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029
}
