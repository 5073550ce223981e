package asp

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
)

// serverVariableNames are the variables that always exist, in the order in which a page sees them.
var serverVariableNames = [...]string{
	"ALL_HTTP", "ALL_RAW", "APPL_MD_PATH", "APPL_PHYSICAL_PATH", "AUTH_PASSWORD", "AUTH_TYPE", "AUTH_USER",
	"CERT_COOKIE", "CERT_FLAGS", "CERT_ISSUER", "CERT_KEYSIZE", "CERT_SECRETKEYSIZE", "CERT_SERIALNUMBER",
	"CERT_SERVER_ISSUER", "CERT_SERVER_SUBJECT", "CERT_SUBJECT", "CONTENT_LENGTH", "CONTENT_TYPE", "GATEWAY_INTERFACE",
	"HTTPS", "HTTPS_KEYSIZE", "HTTPS_SECRETKEYSIZE", "HTTPS_SERVER_ISSUER", "HTTPS_SERVER_SUBJECT", "INSTANCE_ID",
	"INSTANCE_META_PATH", "LOCAL_ADDR", "LOGON_USER", "PATH_INFO", "PATH_TRANSLATED", "QUERY_STRING", "REMOTE_ADDR",
	"REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "REQUEST_METHOD", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT",
	"SERVER_PORT_SECURE", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "UNENCODED_URL", "URL",
}

// ServerVariable is Request.ServerVariables(name), without regard to case; "" for a name that doesn't exist.
// HTTP_X_Y is the header X-Y, several of one name joined by commas.
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
	name = strings.ToUpper(name)
	switch {
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
	case "PATH_INFO":
		if r.cfg.PathInfo != "" {
			return r.cfg.PathInfo, true
		}
		return r.scriptName(), true
	case "PATH_TRANSLATED":
		return r.cfg.PhysicalPath, true
	case "APPL_PHYSICAL_PATH":
		return r.cfg.AppPhysicalPath, true
	case "APPL_MD_PATH":
		return r.metaPath() + "/ROOT" + strings.TrimRight(r.cfg.AppPath, "/"), true
	case "INSTANCE_META_PATH":
		return r.metaPath(), true
	case "INSTANCE_ID":
		return r.instanceID(), true
	case "QUERY_STRING":
		return r.http.URL.RawQuery, true
	case "UNENCODED_URL":
		return r.http.RequestURI, true
	}
	return "", false
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
	case "LOGON_USER", "REMOTE_USER":
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
	}
	return "", false
}

// authVariable knows who the client says it is. Without a user of the server's own, the Authorization header's claim
// stands here and the page has to check it.
func (r *Request) authVariable(name string) (string, bool) {
	user, password, basic := r.http.BasicAuth()
	kind := ""
	if basic {
		kind = "Basic"
	}
	if r.cfg.User != "" {
		if r.cfg.User != user {
			password = ""
		}
		user, kind = r.cfg.User, r.cfg.AuthType
	}
	switch name {
	case "AUTH_TYPE":
		return kind, true
	case "AUTH_USER":
		return user, true
	case "AUTH_PASSWORD":
		return password, true
	}
	return "", false
}

// tlsVariable knows the encryption of the connection. What only the server's own certificate could tell is empty.
func (r *Request) tlsVariable(name string) (string, bool) {
	switch name {
	case "HTTPS":
		if r.secure() {
			return "on", true
		}
		return "off", true
	case "HTTPS_KEYSIZE":
		return r.keySize(), true
	case "HTTPS_SECRETKEYSIZE", "HTTPS_SERVER_ISSUER", "HTTPS_SERVER_SUBJECT":
		return "", true
	}
	return "", false
}

func (r *Request) certVariable(name string) (string, bool) {
	cert := r.peerCertificate()
	switch name {
	case "CERT_FLAGS":
		if cert == nil {
			return "", true
		}
		return strconv.Itoa(r.certFlags()), true
	case "CERT_KEYSIZE":
		return r.keySize(), true
	case "CERT_SECRETKEYSIZE", "CERT_SERVER_ISSUER", "CERT_SERVER_SUBJECT":
		return "", true
	case "CERT_COOKIE":
		if cert == nil {
			return "", true
		}
		sum := sha256.Sum256(cert.Raw)
		return hex.EncodeToString(sum[:]), true
	case "CERT_ISSUER":
		return r.ClientCertificate().Text("Issuer"), true
	case "CERT_SUBJECT":
		return r.ClientCertificate().Text("Subject"), true
	case "CERT_SERIALNUMBER":
		return r.ClientCertificate().Text("SerialNumber"), true
	}
	return "", false
}

func (r *Request) secure() bool { return r.cfg.Secure || r.http.TLS != nil }

// keySize is the strength of the connection's cipher in bits.
func (r *Request) keySize() string {
	if r.http.TLS == nil {
		return ""
	}
	suite := tls.CipherSuiteName(r.http.TLS.CipherSuite)
	for _, c := range [...]struct{ part, bits string }{{"_128_", "128"}, {"_256_", "256"}, {"CHACHA20", "256"}, {"3DES", "168"}} {
		if strings.Contains(suite, c.part) {
			return c.bits
		}
	}
	return ""
}

func (r *Request) local() (host, port string) {
	addr := r.cfg.LocalAddr
	if addr == "" {
		if a, ok := r.http.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
			addr = a.String()
		}
	}
	return splitAddr(addr)
}

func (r *Request) remote() (host, port string) {
	if r.cfg.RemoteAddr != "" {
		return splitAddr(r.cfg.RemoteAddr)
	}
	return splitAddr(r.http.RemoteAddr)
}

// serverName is the host the client asked for, without its port.
func (r *Request) serverName() string {
	if host, _ := splitAddr(r.http.Host); host != "" {
		return host
	}
	host, _ := r.local()
	return host
}

// serverPort is the port the client asked for, as its Host says it, since that is what a page builds URLs from.
func (r *Request) serverPort() string {
	if _, port := splitAddr(r.http.Host); port != "" {
		return port
	}
	if r.http.Host == "" {
		if _, port := r.local(); port != "" {
			return port
		}
	}
	if r.secure() {
		return "443"
	}
	return "80"
}

// splitAddr takes host:port, [host]:port, or a host alone.
func splitAddr(addr string) (host, port string) {
	if h, p, err := net.SplitHostPort(addr); err == nil {
		return h, p
	}
	return strings.Trim(addr, "[]"), ""
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
