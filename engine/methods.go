package engine

import (
	"net/http"
	"slices"
	"strings"
)

// wholeMethods gives each method once, and HEAD to who has GET: it is GET
// without the body (RFC 9110 section 9.3.2), which the engine sees to.
func wholeMethods(methods []string) (whole []string) {
	for _, method := range methods {
		if !slices.Contains(whole, method) {
			whole = append(whole, method)
		}
	}
	if i := slices.Index(whole, http.MethodGet); i >= 0 && !slices.Contains(whole, http.MethodHead) {
		whole = slices.Insert(whole, i+1, http.MethodHead)
	}
	return whole
}

// checkMethods wants tokens (RFC 9110 section 9.1) that a page can answer.
func checkMethods(methods []string) error {
	if len(methods) == 0 {
		return badSetting("methods", "is empty; name one, such as GET")
	}
	for _, method := range methods {
		upper := strings.ToUpper(method)
		switch {
		case !isToken(method):
			return badSetting("methods", "%q is not the name of a method, such as PUT", method)
		case upper == http.MethodTrace:
			return badSetting("methods", "%q is not for pages: its answer is the request itself, with the cookies that scripts must not see", method)
		case upper == http.MethodConnect:
			return badSetting("methods", "%q is not for pages: it asks a proxy for a tunnel, and names no page", method)
		case upper == "PRI":
			return badSetting("methods", "%q is not for pages: it is how connections of HTTP/2 begin", method)
		case upper != method && slices.Contains(wellKnownMethods(), upper):
			return badSetting("methods", "%q is not %s: capitals count in methods", method, upper)
		}
	}
	return nil
}

// wellKnownMethods are those that nobody spells otherwise on purpose.
func wellKnownMethods() []string {
	return []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions,
	}
}

// takes reports whether requests of this method are for pages. Methods are
// compared as they are: "get" isn't GET.
func (c *Config) takes(method string) bool { return slices.Contains(c.Methods, method) }

// allow is what Allow says of a page: what it takes, and OPTIONS, which is
// answered for pages that don't.
func (c *Config) allow() string {
	all := strings.Join(c.Methods, ", ")
	if !c.takes(http.MethodOptions) {
		all += ", " + http.MethodOptions
	}
	return all
}
