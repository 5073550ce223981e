package asphttp

import "github.com/najahost/naja/asp"

// Source says in which collection Lookup found a name.
type Source int

// The collections in the order in which Request("name") searches them.
const (
	SourceNone Source = iota
	SourceQueryString
	SourceForm
	SourceCookies
	SourceClientCertificate
	SourceServerVariables
)

// String is the collection's name.
func (s Source) String() string {
	return [...]string{"none", "QueryString", "Form", "Cookies", "ClientCertificate", "ServerVariables"}[s]
}

// Lookup is Request("name"): the first hit in QueryString, Form, Cookies, ClientCertificate, ServerVariables. The
// caller must not change the values. ASP 0208 after BinaryRead; the errors of Form, where the search gets that far.
func (r *Request) Lookup(name string) (values []string, from Source, err error) {
	if r.binaryRead() {
		return nil, SourceNone, asp.New(asp.CodeAfterRead, "")
	}
	if v := r.QueryString().Get(name); v != nil {
		return v, SourceQueryString, nil
	}
	form, err := r.Form()
	if err != nil {
		return nil, SourceNone, err
	}
	if v := form.Get(name); v != nil {
		return v, SourceForm, nil
	}
	if c := r.Cookies(); c.Has(name) {
		return []string{c.Get(name)}, SourceCookies, nil
	}
	if v := r.ClientCertificate().Get(name); v != nil {
		return v, SourceClientCertificate, nil
	}
	if v, ok := r.serverVariable(name); ok {
		return []string{v}, SourceServerVariables, nil
	}
	return nil, SourceNone, nil
}

func (r *Request) binaryRead() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.readUsed
}
