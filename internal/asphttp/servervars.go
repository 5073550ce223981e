package asphttp

import (
	"cmp"
	"net"
	"net/textproto"
	"os"
	"slices"
	"strconv"
	"strings"
)

// serverVariableNames are the variables that always exist, in the order in which a page sees them.
var serverVariableNames = [...]string{
	"ALL_HTTP", "ALL_RAW", "APPL_MD_PATH", "APPL_PHYSICAL_PATH", "APP_POOL_ID", "AUTH_PASSWORD", "AUTH_TYPE", "AUTH_USER",
	"CACHE_URL", "CERT_COOKIE", "CERT_FLAGS", "CERT_ISSUER", "CERT_KEYSIZE", "CERT_SECRETKEYSIZE", "CERT_SERIALNUMBER",
	"CERT_SERVER_ISSUER", "CERT_SERVER_SUBJECT", "CERT_SUBJECT", "CONTENT_LENGTH", "CONTENT_TYPE", "GATEWAY_INTERFACE",
	"HTTPS", "HTTPS_KEYSIZE", "HTTPS_SECRETKEYSIZE", "HTTPS_SERVER_ISSUER", "HTTPS_SERVER_SUBJECT", "HTTP_METHOD",
	"HTTP_URL", "HTTP_VERSION", "INSTANCE_ID",
	"INSTANCE_META_PATH", "LOCAL_ADDR", "LOGON_USER", "PATH_INFO", "PATH_TRANSLATED", "QUERY_STRING", "REMOTE_ADDR",
	"REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "REQUEST_METHOD", "SCRIPT_NAME", "SCRIPT_TRANSLATED", "SERVER_NAME",
	"SERVER_PORT", "SERVER_PORT_SECURE", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "SSI_EXEC_DISABLED", "UNENCODED_URL",
	"UNMAPPED_REMOTE_USER", "URL", "URL_PATH_INFO",
}

// ServerVariable is Request.ServerVariables(name), without regard to case; "" for a name that doesn't exist.
// HTTP_X_Y is the header X-Y, several of one name joined by commas, and UNICODE_X the variable X: all of them are Unicode
// here.
func (r *Request) ServerVariable(name string) string {
	v, _ := r.serverVariable(name)
	return v
}

// ServerVariableNames are the names of all variables of this request: the fixed ones, then a HTTP_ name for each
// header, sorted.
func (r *Request) ServerVariableNames() []string {
	names := slices.Clone(serverVariableNames[:])
	for _, h := range r.headerNames() {
		names = append(names, variableOf(h))
	}
	return names
}

// serverVariable also says whether the variable exists.
func (r *Request) serverVariable(name string) (string, bool) {
	name = strings.TrimPrefix(strings.ToUpper(name), "UNICODE_")
	switch {
	case name == "HTTP_METHOD", name == "HTTP_URL", name == "HTTP_VERSION": // not what a client calls a header
		return r.requestLine(name), true
	case strings.HasPrefix(name, "HTTP_"):
		return r.headerVariable(strings.ReplaceAll(name[len("HTTP_"):], "_", "-"))
	case strings.HasPrefix(name, "HEADER_"):
		return r.headerVariable(name[len("HEADER_"):])
	case strings.HasPrefix(name, "CERT_"):
		return r.certVariable(name)
	case strings.HasPrefix(name, "HTTPS"):
		return r.tlsVariable(name)
	case strings.HasPrefix(name, "AUTH_"):
		return r.authVariable(name)
	}
	if v, ok := r.pathVariable(name); ok {
		return v, true
	}
	if r.cfg.Variables != nil {
		if v, ok := r.cfg.Variables.ServerVariable(name); ok {
			return v, true
		}
	}
	return r.connectionVariable(name)
}

// headerVariable is a header's value. net/http keeps Host apart from the others.
func (r *Request) headerVariable(name string) (string, bool) {
	name = textproto.CanonicalMIMEHeaderKey(name)
	if name == "Host" {
		return r.http.Host, r.http.Host != ""
	}
	values, ok := r.http.Header[name]
	if !ok {
		return "", false
	}
	if name == "Cookie" {
		return strings.Join(values, "; "), true
	}
	return strings.Join(values, ", "), true
}

// pathVariable knows where the page lies.
func (r *Request) pathVariable(name string) (string, bool) {
	switch name {
	case "URL", "SCRIPT_NAME":
		return r.scriptName(), true
	case "PATH_INFO", "URL_PATH_INFO":
		if r.cfg.PathInfo != "" {
			return r.cfg.PathInfo, true
		}
		return r.scriptName(), true
	case "PATH_TRANSLATED", "SCRIPT_TRANSLATED":
		return r.cfg.PhysicalPath, true
	case "APPL_PHYSICAL_PATH":
		return withSeparator(r.cfg.AppPhysicalPath), true
	case "APP_POOL_ID":
		return cmp.Or(r.cfg.AppPath, "/"), true
	case "APPL_MD_PATH":
		return r.metaPath() + "/ROOT" + strings.TrimRight(r.cfg.AppPath, "/"), true
	case "INSTANCE_META_PATH":
		return r.metaPath(), true
	case "INSTANCE_ID":
		return r.instanceID(), true
	case "QUERY_STRING":
		return r.rawQuery(), true
	case "UNENCODED_URL":
		return r.http.RequestURI, true
	case "CACHE_URL":
		return r.cacheURL(), true
	}
	return "", false
}

// withSeparator ends a folder's path as IIS does, so that a page appends a file's name to it.
func withSeparator(folder string) string {
	if folder == "" || os.IsPathSeparator(folder[len(folder)-1]) {
		return folder
	}
	return folder + string(os.PathSeparator)
}

// requestLine knows the first line of the request.
func (r *Request) requestLine(name string) string {
	switch name {
	case "HTTP_METHOD":
		return r.http.Method
	case "HTTP_VERSION":
		return r.http.Proto
	}
	return r.http.RequestURI
}

// cacheURL is the request's URL with all that may go without saying.
func (r *Request) cacheURL() string {
	scheme := "http"
	if r.secure() {
		scheme = "https"
	}
	uri := r.http.RequestURI // as it was before a mux took a prefix away
	if !strings.HasPrefix(uri, "/") {
		uri = r.http.URL.RequestURI()
	}
	return scheme + "://" + net.JoinHostPort(r.serverName(), r.serverPort()) + uri
}

func (r *Request) scriptName() string {
	if r.cfg.ScriptName != "" {
		return r.cfg.ScriptName
	}
	return r.http.URL.Path
}

func (r *Request) instanceID() string {
	if r.cfg.InstanceID != "" {
		return r.cfg.InstanceID
	}
	return "1"
}

func (r *Request) metaPath() string { return "/LM/W3SVC/" + r.instanceID() }

// connectionVariable knows the two ends and the message.
func (r *Request) connectionVariable(name string) (string, bool) {
	switch name {
	case "ALL_HTTP":
		return r.allHeaders(func(h, v string) string { return variableOf(h) + ":" + v + "\n" }), true
	case "ALL_RAW":
		return r.allHeaders(func(h, v string) string { return h + ": " + v + "\r\n" }), true
	case "CONTENT_LENGTH":
		return strconv.FormatInt(r.TotalBytes(), 10), true
	case "CONTENT_TYPE":
		return contentType(r.http), true
	case "GATEWAY_INTERFACE":
		return "CGI/1.1", true
	case "LOCAL_ADDR":
		host, _ := r.local()
		return host, true
	case "LOGON_USER", "REMOTE_USER", "UNMAPPED_REMOTE_USER":
		return r.cfg.User, true
	case "REMOTE_ADDR", "REMOTE_HOST":
		host, _ := r.remote()
		return host, true
	case "REMOTE_PORT":
		_, port := r.remote()
		return port, true
	case "REQUEST_METHOD":
		return r.http.Method, true
	case "SERVER_NAME":
		return r.serverName(), true
	case "SERVER_PORT":
		return r.serverPort(), true
	case "SERVER_PORT_SECURE":
		if r.secure() {
			return "1", true
		}
		return "0", true
	case "SERVER_PROTOCOL":
		return r.http.Proto, true
	case "SERVER_SOFTWARE":
		if r.cfg.ServerSoftware != "" {
			return r.cfg.ServerSoftware, true
		}
		return "naja", true
	case "SSI_EXEC_DISABLED":
		return "1", true // there is no #exec
	}
	return "", false
}

// headerNames are the names of the headers, Host included, sorted.
func (r *Request) headerNames() []string {
	names := make([]string, 0, len(r.http.Header)+1)
	for name := range r.http.Header {
		if name != "Host" {
			names = append(names, name)
		}
	}
	if r.http.Host != "" {
		names = append(names, "Host")
	}
	slices.Sort(names)
	return names
}

func (r *Request) allHeaders(line func(name, value string) string) string {
	var b strings.Builder
	for _, name := range r.headerNames() {
		v, _ := r.headerVariable(name)
		b.WriteString(line(name, v))
	}
	return b.String()
}

// variableOf is the variable's name of a header.
func variableOf(header string) string {
	return "HTTP_" + strings.ToUpper(strings.ReplaceAll(header, "-", "_"))
}
