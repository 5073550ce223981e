// Package setting is the table of all settings: their names in naja.toml, the
// fields that they fill, their defaults and bounds, when a change counts, and
// what the documents say of them. Who has a struct with such fields (engine,
// operate/host, operate/isolate, the command) fills and checks it by this table,
// and the command reads files by it.
//
// A new setting is one line in table.go, in the place where docs/configuration.md
// is to have it, and the field. What only that setting has (a format, a rule that
// names another one) stands with the field's owner. The tests hold the fields,
// their comments and the document to the table.
package setting
