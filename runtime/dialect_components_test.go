package runtime

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
)

// testComponents are the components that the dialect's pages create: what
// pages use most, in memory.
var testComponents = map[string]func() any{
	"adodb.recordset":            func() any { return &recordset{EOF: true, BOF: true} },
	"adodb.connection":           func() any { return &connection{Errors: &errorList{}} },
	"scripting.dictionary":       func() any { return &dictionary{} },
	"scripting.filesystemobject": func() any { return &fileSystem{} },
	"cdo.message":                func() any { return &message{Configuration: &configuration{Fields: &fieldList{}}} },
	"test.echo":                  func() any { return &echo{} },
}

// componentHost is a test's Server with components.
type componentHost struct {
	testHost
	static map[string]*Object
}

// CreateObject makes one of testComponents.
func (h *componentHost) CreateObject(_ component.Env, progID string) (*Object, error) {
	if create, ok := testComponents[strings.ToLower(progID)]; ok {
		return &Object{ProgID: progID, Instance: create(), Threading: Agile}, nil
	}
	return nil, asp.New(asp.CodeCreateObject, progID)
}

// StaticObject makes the object of a declaration once.
func (h *componentHost) StaticObject(ctx component.Env, d ObjectDecl) (*Object, error) {
	if o := h.static[d.ID]; o != nil {
		return o, nil
	}
	o, err := h.CreateObject(ctx, d.ProgID)
	if err == nil {
		h.static[d.ID] = o
	}
	return o, err
}

// recordset is ADO's Recordset over a table that its source names.
type recordset struct {
	EOF, BOF                                 bool
	RecordCount, PageSize, AbsolutePage      int
	CursorType, CursorLocation, LockType     int
	Source, Sort, Filter                     string
	ActiveConnection                         any
	columns                                  []string
	rows                                     [][]any
	at                                       int
	Fields                                   *fieldList
	MaxRecords, CacheSize, State, MarshalOpt int
}

// tables are what a recordset can be opened on.
func tables(name string) ([]string, [][]any, bool) {
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.Local) }
	switch name {
	case "products":
		return []string{"id", "name", "price", "stock", "added"}, [][]any{
			{1, "Lamp", 19.5, 4, day(2001, 3, 9)}, {2, "Chair & table", 120, 0, day(2002, 11, 30)}, {3, "Rug <red>", 75.25, nil, day(1999, 12, 31)},
		}, true
	case "news":
		return []string{"id", "title", "body"}, [][]any{
			{10, "Opening", "We [b]open[/b] on Monday"}, {11, "Closed", nil}, {12, "Sale", "Buy [i]now[/i]"}, {13, "Thanks", "Bye"}, {14, "Again", "Back"},
		}, true
	case "empty":
		return []string{"id"}, nil, true
	}
	return nil, nil, false
}

// Open runs a query: the word behind FROM is the table.
func (r *recordset) Open(source string, connection any, _ ...int) error {
	if source == "" {
		source = r.Source
	}
	words := strings.Fields(strings.ToLower(source))
	table := source
	if i := slices.Index(words, "from"); i >= 0 && i+1 < len(words) {
		table = words[i+1]
	}
	columns, rows, ok := tables(table)
	if !ok {
		return &asp.Error{Number: -2147217865, Category: "Microsoft JET Database Engine",
			Short: "The Microsoft Jet database engine cannot find the input table or query '" + table + "'."}
	}
	r.columns, r.rows, r.RecordCount, r.State = columns, rows, len(rows), 1
	r.Fields = &fieldList{set: r}
	r.move(0)
	return nil
}

func (r *recordset) move(to int) {
	r.at = to
	r.EOF, r.BOF = to >= len(r.rows), to < 0 || len(r.rows) == 0
}

// MoveNext and the others move the current row.
func (r *recordset) MoveNext() error {
	if r.EOF {
		return &asp.Error{Number: -2146825267, Category: "ADODB.Recordset", Short: "Either BOF or EOF is True, or the current record has been deleted."}
	}
	r.move(r.at + 1)
	return nil
}
func (r *recordset) MovePrevious() { r.move(r.at - 1) }
func (r *recordset) MoveFirst()    { r.move(0) }
func (r *recordset) MoveLast()     { r.move(len(r.rows) - 1) }
func (r *recordset) Move(n int)    { r.move(r.at + n) }
func (r *recordset) Close()        { r.State, r.rows = 0, nil; r.move(0) }
func (r *recordset) Update(...any) {}
func (r *recordset) Requery()      {}
func (r *recordset) Delete()       { r.rows = slices.Delete(r.rows, r.at, r.at+1); r.RecordCount-- }
func (r *recordset) AddNew() {
	r.rows = append(r.rows, make([]any, len(r.columns)))
	r.RecordCount++
	r.MoveLast()
}
func (r *recordset) Supports(int) bool { return true }

// PageCount is how many pages the rows make.
func (r *recordset) PageCount() int {
	return (len(r.rows) + max(r.PageSize, 1) - 1) / max(r.PageSize, 1)
}

// GetRows is a column of rows for each field.
func (r *recordset) GetRows(n int) [][]any {
	out := [][]any{}
	for ; !r.EOF && (n <= 0 || len(out) < n); r.move(r.at + 1) {
		out = append(out, r.rows[r.at])
	}
	return out
}

// Item is a field by its name or its place, from 0.
func (r *recordset) Item(which any) (*field, error) {
	i := -1
	switch w := which.(type) {
	case int:
		i = w
	case string:
		i = slices.IndexFunc(r.columns, func(c string) bool { return strings.EqualFold(c, w) })
	}
	if i < 0 || i >= len(r.columns) {
		return nil, &asp.Error{Number: -2146825023, Category: "ADODB.Recordset",
			Short: "Item cannot be found in the collection corresponding to the requested name or ordinal."}
	}
	if r.EOF || r.BOF {
		return nil, &asp.Error{Number: -2146825267, Category: "ADODB.Recordset", Short: "Either BOF or EOF is True, or the current record has been deleted."}
	}
	return &field{Name: r.columns[i], value: &r.rows[r.at][i]}, nil
}

// SetItem assigns a field.
func (r *recordset) SetItem(which, v any) error {
	f, err := r.Item(which)
	if err == nil {
		f.SetValue(v)
	}
	return err
}

// fieldList is Fields: of a recordset's row, or of a configuration.
type fieldList struct {
	set   *recordset
	names []string
	own   map[string]*any
	Count int
}

// Item and SetItem are a field by its name.
func (l *fieldList) Item(which any) (*field, error) {
	if l.set != nil {
		return l.set.Item(which)
	}
	name := fmt.Sprint(which)
	if l.own == nil {
		l.own = map[string]*any{}
	}
	if l.own[name] == nil {
		l.own[name], l.names = new(any), append(l.names, name)
	}
	return &field{Name: name, value: l.own[name]}, nil
}

// SetItem assigns a field.
func (l *fieldList) SetItem(which, v any) error {
	f, err := l.Item(which)
	if err == nil {
		f.SetValue(v)
	}
	return err
}

// Elements are the fields.
func (l *fieldList) Elements() ([]*field, error) {
	var out []*field
	names := l.names
	if l.set != nil {
		names = l.set.columns
	}
	for _, n := range names {
		f, err := l.Item(n)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// Update does nothing.
func (l *fieldList) Update() {}

// field is ADO's Field: its Value is its default.
type field struct {
	Name  string
	value *any
}

// Value and SetValue are the property Value.
func (f *field) Value() any     { return *f.value }
func (f *field) SetValue(v any) { *f.value = v }

// connection is ADO's Connection.
type connection struct {
	ConnectionString string
	Errors           *errorList
	State            int
	CommandTimeout   int
	log              []string
}

// Open opens it; "broken" fails.
func (c *connection) Open(dsn string) error {
	if strings.Contains(dsn, "broken") {
		return &asp.Error{Number: -2147467259, Category: "Microsoft OLE DB Provider for ODBC Drivers", Short: "[Microsoft][ODBC Driver Manager] Data source name not found"}
	}
	c.State = 1
	return nil
}

// Execute runs a statement; a query gives a recordset.
func (c *connection) Execute(sql string) (*recordset, error) {
	c.log = append(c.log, sql)
	if !strings.HasPrefix(strings.ToLower(sql), "select") {
		return nil, nil
	}
	r := &recordset{}
	return r, r.Open(sql, c)
}

// BeginTrans and the others only note that they were called.
func (c *connection) BeginTrans()    { c.log = append(c.log, "begin") }
func (c *connection) CommitTrans()   { c.log = append(c.log, "commit") }
func (c *connection) RollbackTrans() { c.log = append(c.log, "rollback") }
func (c *connection) Close()         { c.State = 0 }
func (c *connection) Log() string    { return strings.Join(c.log, "\n") }

// errorList is an empty Errors.
type errorList struct{ Count int }

// Elements are none.
func (*errorList) Elements() []any { return nil }

// dictionary is Scripting.Dictionary.
type dictionary struct {
	Count       int
	CompareMode int
	keys        []any
	values      map[any]any
}

// Add, Exists, Remove, Keys, Items: its members.
func (d *dictionary) Add(k, v any) error {
	if d.Exists(k) {
		return &asp.Error{Number: -2146827831, Category: asp.CategoryRuntime, Short: "This key is already associated with an element of this collection"}
	}
	return d.SetItem(k, v)
}
func (d *dictionary) Exists(k any) bool { _, ok := d.values[k]; return ok }
func (d *dictionary) Item(k any) any    { return d.values[k] }
func (d *dictionary) Keys() []any       { return d.keys }
func (d *dictionary) Elements() []any   { return d.keys }
func (d *dictionary) Items() []any {
	out := []any{}
	for _, k := range d.keys {
		out = append(out, d.values[k])
	}
	return out
}

// SetItem is dictionary(k) = v.
func (d *dictionary) SetItem(k, v any) error {
	if d.values == nil {
		d.values = map[any]any{}
	}
	if !d.Exists(k) {
		d.keys = append(d.keys, k)
	}
	d.values[k] = v
	d.Count = len(d.keys)
	return nil
}

// Remove takes a key out.
func (d *dictionary) Remove(k any) {
	delete(d.values, k)
	d.keys = slices.DeleteFunc(d.keys, func(x any) bool { return x == k })
	d.Count = len(d.keys)
}

// fileSystem is Scripting.FileSystemObject over one file.
type fileSystem struct{}

// FileExists knows /site.txt.
func (*fileSystem) FileExists(name string) bool { return strings.HasSuffix(name, "site.txt") }

// OpenTextFile opens it.
func (f *fileSystem) OpenTextFile(name string, _ ...int) (*textStream, error) {
	if !f.FileExists(name) {
		return nil, &asp.Error{Number: -2146828212, Category: asp.CategoryRuntime, Short: "Path not found"}
	}
	return &textStream{lines: []string{"one", "two", "three"}}, nil
}

// GetFolder is a folder with two files.
func (*fileSystem) GetFolder(string) *folder { return &folder{Files: &fileList{}} }

type folder struct{ Files *fileList }

type fileList struct{ Count int }

// Elements are the files.
func (*fileList) Elements() []*diskFile { return []*diskFile{{"a.txt", 10}, {"b.txt", 2048}} }

type diskFile struct {
	Name string
	Size int
}

type textStream struct {
	AtEndOfStream bool
	lines         []string
}

// ReadLine is the next line.
func (s *textStream) ReadLine() string {
	line := s.lines[0]
	s.lines = s.lines[1:]
	s.AtEndOfStream = len(s.lines) == 0
	return line
}

// ReadAll is all that is left.
func (s *textStream) ReadAll() string { return strings.Join(s.lines, "\n") }

// Close does nothing.
func (s *textStream) Close() {}

// message is CDO.Message.
type message struct {
	To, From, Subject, TextBody, HTMLBody string
	Configuration                         *configuration
	Sent                                  string
}

type configuration struct{ Fields *fieldList }

// Send notes what would be sent.
func (m *message) Send() error {
	if m.To == "" {
		return &asp.Error{Number: -2147220980, Category: "CDO.Message.1", Short: "At least one recipient is required, but none were found."}
	}
	m.Sent = m.From + " > " + m.To + ": " + m.Subject
	for _, n := range m.Configuration.Fields.names {
		m.Sent += fmt.Sprint("; ", n[strings.LastIndex(n, "/")+1:], "=", *m.Configuration.Fields.own[n])
	}
	return nil
}

// echo says what a component gets to see.
type echo struct{ Last string }

// Text, Number, Flag and Any give their argument back as Go prints it.
func (e *echo) Text(s string) string    { return fmt.Sprintf("%q", s) }
func (e *echo) Number(f float64) string { return fmt.Sprint(f) }
func (e *echo) Flag(b bool) string      { return fmt.Sprint(b) }
func (e *echo) Any(v any) string        { return fmt.Sprintf("%T %v", v, v) }
func (e *echo) List(v []string) string  { return fmt.Sprintf("%q", v) }
func (e *echo) Fail(n int, s string) error {
	return &asp.Error{Number: int32(n), Category: "Test.Echo", Short: s}
}
func (e *echo) Panic() { panic("inside") }
