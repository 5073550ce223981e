package intrinsics

import (
	"strings"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/variant"
)

// A Request is ASP's Request; calling it searches the collections.
type Request struct {
	*Page
	queryString, form, certificate *Values
	cookies                        *RequestCookies
	variables                      *ServerVariables
	files                          *Files
}

func newRequest(p *Page) *Request { return &Request{Page: p} }

// Class is the table of Request.
func (r *Request) Class() *component.Class { return requestClass }

var requestClass = component.Make(component.Class{
	Name: "Request",
	Members: []component.Member{
		component.Indexed("Item", "(name)", "any", (*Request).lookup, nil),
		component.ReadOnly("QueryString", "Request.QueryString", (*Request).query),
		component.ReadOnly("Query", "Request.QueryString", (*Request).query),
		component.Property("Form", "Request.Form", (*Request).formFields, nil),
		component.ReadOnly("Cookies", "Request.Cookies", func(r *Request) variant.Value {
			return component.Of(once(&r.cookies, r.Page, func(p *Page) *RequestCookies { return &RequestCookies{p, p.Request.Cookies()} }))
		}),
		component.ReadOnly("ServerVariables", "Request.ServerVariables", func(r *Request) variant.Value {
			return component.Of(once(&r.variables, r.Page, func(p *Page) *ServerVariables { return &ServerVariables{p} }))
		}),
		component.ReadOnly("ClientCertificate", "Request.ClientCertificate", func(r *Request) variant.Value {
			return component.Of(once(&r.certificate, r.Page, func(p *Page) *Values {
				return &Values{p, certificateClass, p.Request.ClientCertificate()}
			}))
		}),
		component.Property("Files", "Request.Files", (*Request).uploads, nil),
		component.ReadOnly("Signal", "Signal", func(r *Request) variant.Value { return r.Program.Signal() }),
		counted(component.ReadOnly("TotalBytes", "number", func(r *Request) variant.Value { return variant.Int(r.Request.TotalBytes()) })),
		component.Method("BinaryRead", "(n)", "bytes", (*Request).binaryRead),
		component.Method("Once", "([token, scope])", "boolean", (*Request).once),
	},
	Default: "Item",
})

// lookup is Request("name"): QueryString, Form, Cookies, ClientCertificate,
// ServerVariables, the first that has it; Empty when none has.
func (r *Request) lookup(args component.Args) (variant.Value, error) {
	name, err := r.text(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	values, from, err := r.Request.Lookup(name)
	switch {
	case err != nil || from == asphttp.SourceNone:
		return variant.Empty, err
	case from == asphttp.SourceCookies:
		return component.Of(&RequestCookie{r.Page, name}), nil
	}
	return component.Of(&Item{r.Page, values}), nil
}

func (r *Request) query() variant.Value {
	return component.Of(once(&r.queryString, r.Page, func(p *Page) *Values {
		return &Values{p, queryStringClass, p.Request.QueryString()}
	}))
}

func (r *Request) formFields() (variant.Value, error) {
	form, err := r.Request.Form()
	if err != nil {
		return variant.Empty, err
	}
	return component.Of(once(&r.form, r.Page, func(p *Page) *Values { return &Values{p, formClass, form} })), nil
}

func (r *Request) uploads() (variant.Value, error) {
	list, err := r.Request.Files()
	if err != nil {
		return variant.Empty, err
	}
	return component.Of(once(&r.files, r.Page, func(p *Page) *Files { return newFiles(p, list) })), nil
}

func (r *Request) binaryRead(args component.Args) (variant.Value, error) {
	n, err := r.number(args.At(0))
	if err != nil {
		return variant.Empty, err
	}
	b, err := r.Request.BinaryRead(int64(n))
	return variant.Bytes(b), err
}

// once says that the page may go on. Otherwise the answer is made, and the page ends
// as by Response.End.
func (r *Request) once(args component.Args) (variant.Value, error) {
	var token, scope string
	var err error
	if args.Given(0) {
		if token, err = r.text(args, 0); err != nil {
			return variant.Empty, err
		}
	}
	if token == "" {
		token = r.Request.ServerVariable("HTTP_IDEMPOTENCY_KEY")
	}
	if args.Given(1) {
		if scope, err = r.text(args, 1); err != nil {
			return variant.Empty, err
		}
	}
	first, err := r.Server.Once(token, scope)
	if err == nil && !first {
		r.Program.End()
	}
	return variant.Bool(first), err
}

// Values are QueryString, Form and ClientCertificate.
type Values struct {
	*Page
	class  *component.Class
	values *asphttp.Values
}

// Class is the collection's table.
func (v *Values) Class() *component.Class { return v.class }

func valuesClass(name string, named func(component.Object, string) (variant.Value, bool)) *component.Class {
	return component.Make(component.Class{
		Name: name,
		Members: []component.Member{
			component.Indexed("Item", "([name])", "Request item", (*Values).item, nil),
			countMember(func(v *Values) int { return v.values.Len() }),
			component.Method("Key", "(i)", "text", (*Values).key),
		},
		Default: "Item",
		Enum: func(o component.Object) (component.Enum, error) {
			return component.Texts(listed(o.(*Values).values)), nil
		},
		Keyed: true,
		Named: named,
	})
}

var (
	queryStringClass = valuesClass("Request.QueryString", field)
	formClass        = valuesClass("Request.Form", field)
	certificateClass = valuesClass("Request.ClientCertificate", nil)
)

// field is a visitor's field as a plain text: Request.Form.name.
func field(o component.Object, name string) (variant.Value, bool) {
	v := o.(*Values).values
	if !v.Has(name) {
		return variant.Empty, false
	}
	return variant.String(v.Text(name)), true
}

// item is the values of a name, or the raw text of all without one.
func (v *Values) item(args component.Args) (variant.Value, error) {
	if len(args) == 0 {
		return variant.String(v.values.Raw()), nil
	}
	name, err := v.keyOf(args[0], func() []string { return listed(v.values) })
	if err != nil {
		return variant.Empty, err
	}
	return component.Of(&Item{v.Page, v.values.Get(name)}), nil
}

func (v *Values) key(args component.Args) (variant.Value, error) {
	if i, ok := v.Program.Index(args.At(0)); ok {
		return texts(nth(listed(v.values), i))
	}
	name, err := v.text(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	for _, key := range listed(v.values) {
		if strings.EqualFold(key, name) {
			return variant.String(key), nil
		}
	}
	return variant.String(""), nil
}

// An Item is what a Request collection gives for a name: IStringList, the values
// of that name. A missing one has none and reads as Empty.
type Item struct {
	*Page
	list []string
}

// Class is the table of an item.
func (i *Item) Class() *component.Class { return itemClass }

var itemClass = component.Make(component.Class{
	Name:  "Request item",
	Fresh: true,
	Members: []component.Member{
		component.Indexed("Item", "([i])", "text", (*Item).item, nil),
		countMember(func(i *Item) int { return len(i.list) }),
	},
	Default: "Item",
	Enum:    func(o component.Object) (component.Enum, error) { return component.Texts(o.(*Item).list), nil },
})

func (i *Item) item(args component.Args) (variant.Value, error) {
	if len(args) == 0 {
		return joined(i.list), nil
	}
	n, err := i.number(args[0])
	if err != nil {
		return variant.Empty, err
	}
	return texts(nth(i.list, n))
}

// ServerVariables is Request.ServerVariables.
type ServerVariables struct{ *Page }

// Class is the table of Request.ServerVariables.
func (s *ServerVariables) Class() *component.Class { return serverVariablesClass }

func (s *ServerVariables) page() *Page { return s.Page }

func (s *ServerVariables) names() []string { return s.Request.ServerVariableNames() }

var serverVariablesClass = component.Make(component.Class{
	Name: "Request.ServerVariables",
	Members: []component.Member{
		component.Indexed("Item", "([name])", "Request item", (*ServerVariables).item, nil),
		countMember(func(s *ServerVariables) int { return len(s.names()) }),
		keyMember((*ServerVariables).page, (*ServerVariables).names),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		return component.Texts(o.(*ServerVariables).names()), nil
	},
	Keyed: true,
})

// item is a variable, "" when there is no such; all headers without a name.
func (s *ServerVariables) item(args component.Args) (variant.Value, error) {
	if len(args) == 0 {
		return variant.String(s.Request.ServerVariable("ALL_HTTP")), nil
	}
	name, err := s.keyOf(args[0], s.names)
	if err != nil {
		return variant.Empty, err
	}
	return component.Of(&Item{s.Page, []string{s.Request.ServerVariable(strings.ToUpper(name))}}), nil
}
