package asphttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/najahost/naja/asp"
)

const urlencoded = "application/x-www-form-urlencoded"

// received is the request as a page gets it, its body read by ReadBody.
func received(t testing.TB, hr *http.Request, cfg RequestConfig, limits BodyLimits) *Request {
	t.Helper()
	if limits.TempDir == "" {
		limits.TempDir = cfg.TempDir
	}
	body, err := ReadBody(context.Background(), hr, limits)
	if err != nil {
		t.Fatal(err)
	}
	r := NewRequest(hr, body, cfg)
	t.Cleanup(func() { r.Close() })
	return r
}

func TestForm(t *testing.T) {
	tests := []struct {
		contentType, body, want string
	}{
		{urlencoded, "a=1&b=x+y&A=%C3%A9", `a=["1" "é"] b=["x y"]`},
		{"Application/X-WWW-Form-URLEncoded; charset=x", "a=1;b=2", `a=["1;b=2"]`},
		{"application/x-www-form-urlencodedx", "a=1", ""},
		{"text/plain", "a=1", ""},
		{"application/json", `{"a":1}`, ""},
		{"", "a=1", ""},
		{urlencoded, "", ""},
	}
	for _, tt := range tests {
		for _, memory := range []int{0, 2} {
			r := received(t, post(tt.contentType, tt.body), RequestConfig{TempDir: t.TempDir()}, BodyLimits{Memory: memory})
			form, err := r.Form()
			if err != nil || dump(form) != tt.want {
				t.Errorf("%q %q: %s, %v", tt.contentType, tt.body, dump(form), err)
			}
			if tt.want != "" && form.Raw() != tt.body {
				t.Errorf("raw %q", form.Raw())
			}
			if r.TotalBytes() != int64(len(tt.body)) {
				t.Errorf("%d bytes", r.TotalBytes())
			}
		}
	}
}

func TestFormIsDecodedByTheCodePage(t *testing.T) {
	r := received(t, post(urlencoded, "a=%e9"), RequestConfig{CodePage: codePage(t, 1252)}, BodyLimits{})
	r.SetCodePage(codePage(t, 1251))
	if form, _ := r.Form(); form.Text("a") != "й" {
		t.Errorf("%q", form.Text("a"))
	}
	r.SetCodePage(codePage(t, 1252))
	if form, _ := r.Form(); form.Text("a") != "й" {
		t.Error("a collection that was read has changed")
	}
}

func TestFormLimits(t *testing.T) {
	for _, method := range []string{"POST", "HEAD", "GET"} {
		hr := post(urlencoded, strings.Repeat("a=1&", 1001))
		hr.Method = method
		r := received(t, hr, RequestConfig{}, BodyLimits{})
		checked := r.CheckLimits()
		_, err := r.Form()
		_, again := r.Form()
		_, files := r.Files()
		for _, err := range []error{checked, err, again, files} {
			if limit, ok := errors.AsType[*LimitError](err); !ok || limit.Status != 413 || limit.Setting != "max_form_fields" {
				t.Errorf("%s: %v", method, err)
			}
		}
	}
	r := received(t, post(urlencoded, "a=1&b=2"), RequestConfig{}, BodyLimits{})
	must(t, r.CheckLimits())
	onDisk := received(t, post(urlencoded, strings.Repeat("a&", 1001)), RequestConfig{TempDir: t.TempDir()}, BodyLimits{Memory: 10})
	if _, ok := errors.AsType[*LimitError](onDisk.CheckLimits()); !ok {
		t.Error("a form in a file isn't checked")
	}
	query := NewRequest(httptest.NewRequest("GET", "/?"+strings.Repeat("a&", 1001), nil), nil, RequestConfig{})
	if _, ok := errors.AsType[*LimitError](query.CheckLimits()); !ok || len(query.QueryString().Get("a")) != 1000 {
		t.Error("a query isn't checked")
	}
}

func TestBinaryReadAndFormExcludeEachOther(t *testing.T) {
	r := received(t, post(urlencoded, "a=1&b=2"), RequestConfig{}, BodyLimits{})
	if _, err := r.BinaryRead(-1); asp.CodeOf(err) != 247 {
		t.Errorf("%v", err)
	}
	for _, want := range []string{"a=1", "&b=2", "", ""} {
		n := int64(3)
		if want != "a=1" {
			n = 1 << 40
		}
		if got, err := r.BinaryRead(n); err != nil || string(got) != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	_, formErr := r.Form()
	_, filesErr := r.Files()
	_, _, lookupErr := r.Lookup("a")
	wantCode(t, "Form", formErr, 207)
	wantCode(t, "Files", filesErr, 207)
	wantCode(t, "Request(name)", lookupErr, 208)
	if r.TotalBytes() != 7 || r.QueryString().Len() != 0 {
		t.Error("the rest still works")
	}

	r = received(t, post(urlencoded, "a=1"), RequestConfig{}, BodyLimits{})
	if _, err := r.Form(); err != nil {
		t.Error(err)
	}
	_, err := r.BinaryRead(1)
	wantCode(t, "BinaryRead after Form", err, 206)

	r = received(t, post(urlencoded, "a=1"), RequestConfig{}, BodyLimits{})
	r.Lookup("missing")
	_, err = r.BinaryRead(1)
	wantCode(t, "BinaryRead after a search through Form", err, 206)

	get := NewRequest(httptest.NewRequest("GET", "/", nil), nil, RequestConfig{})
	if b, err := get.BinaryRead(10); err != nil || len(b) != 0 {
		t.Errorf("%q, %v", b, err)
	}
}

func TestBinaryReadOwnsItsBytes(t *testing.T) {
	for _, memory := range []int{0, 3} {
		r := received(t, post("image/x", "0123456789"), RequestConfig{TempDir: t.TempDir()}, BodyLimits{Memory: memory})
		b, err := r.BinaryRead(4)
		must(t, err)
		copy(b, "XXXX")
		rest, err := r.BinaryRead(100)
		if err != nil || string(rest) != "456789" || string(b) != "XXXX" {
			t.Errorf("%q, %v", rest, err)
		}
		if all, _ := io.ReadAll(r.body.Reader()); string(all) != "0123456789" {
			t.Errorf("the body became %q", all)
		}
	}
}

func TestLookupSearchesInASPsOrder(t *testing.T) {
	hr := post(urlencoded, "a=form&b=form1&b=form2&URL=form")
	hr.URL.RawQuery = "a=query&empty="
	hr.Header.Set("Cookie", "a=cookie; b=cookie; c=cook%69e; keyed=k=1&l=2")
	hr.Header.Set("X-Thing", "yes")
	r := received(t, hr, RequestConfig{}, BodyLimits{})
	for name, want := range map[string]string{
		"A": "QueryString [query]", "empty": "QueryString []", "b": "Form [form1 form2]", "url": "Form [form]",
		"c": "Cookies [cookie]", "keyed": "Cookies [k=1&l=2]", "request_method": "ServerVariables [POST]",
		"HTTP_X_THING": "ServerVariables [yes]", "missing": "none []", "HTTP_MISSING": "none []",
	} {
		values, from, err := r.Lookup(name)
		if got := fmt.Sprint(from, " ", values); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
}

// part is one part of a multipart form; a file when fileName isn't "-".
type part struct{ name, fileName, contentType, content string }

func uploading(t testing.TB, parts ...part) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		h := make(map[string][]string)
		h["Content-Disposition"] = []string{fmt.Sprintf(`form-data; name="%s"`, p.name)}
		if p.fileName != "-" {
			h["Content-Disposition"][0] += fmt.Sprintf(`; filename="%s"`, p.fileName)
		}
		if p.contentType != "" {
			h["Content-Type"] = []string{p.contentType}
		}
		pw, err := w.CreatePart(h)
		must(t.(*testing.T), err)
		io.WriteString(pw, p.content)
	}
	w.Close()
	return post(w.FormDataContentType(), b.String())
}

func TestUpload(t *testing.T) {
	big := strings.Repeat("0123456789", 5000)
	dir := t.TempDir()
	r := received(t, uploading(t,
		part{"Title", "-", "", "é=1&2"},
		part{"file", "a.txt", "text/plain", "small"},
		part{"file", `C:\dir\Big File.bin`, "", big},
		part{"title", "-", "", "again"},
		part{"none", "", "application/octet-stream", ""},
		part{"dots", "..", "", "x"},
		part{"path", "../../dir/name", "", "y"},
	), RequestConfig{TempDir: dir, UploadMemory: 1000}, BodyLimits{Memory: 2000})
	form, err := r.Form()
	if err != nil || dump(form) != `Title=["é=1&2" "again"]` {
		t.Errorf("%s, %v", dump(form), err)
	}
	files, err := r.Files()
	must(t, err)
	var got []string
	for _, f := range files {
		rc, err := f.Open()
		must(t, err)
		content, err := io.ReadAll(rc)
		must(t, err, rc.Close())
		if f.Size != int64(len(content)) || f.Name == "Big File.bin" && string(content) != big {
			t.Errorf("%s: %d bytes of %d", f.Name, len(content), f.Size)
		}
		got = append(got, fmt.Sprintf("%s|%s|%s|%d|%v", f.Field, f.Name, f.ContentType, f.Size, f.body.InMemory()))
	}
	want := "file|a.txt|text/plain|5|true file|Big File.bin||50000|false dots|||1|true path|name||1|true"
	if strings.Join(got, " ") != want {
		t.Errorf("\n got  %s\n want %s", strings.Join(got, " "), want)
	}
	_, err = r.BinaryRead(1)
	wantCode(t, "BinaryRead", err, 206)
	must(t, r.Close(), r.Close())
	emptyDir(t, dir)
	if _, err := files[1].Open(); !errors.Is(err, ErrDetached) {
		t.Errorf("a file of a closed request opens: %v", err)
	}
}

func TestUploadMemoryIsBoundedInAll(t *testing.T) {
	dir := t.TempDir()
	var parts []part
	for i := range 20 {
		parts = append(parts, part{fmt.Sprint("f", i), "x", "", strings.Repeat("x", 300)})
	}
	r := received(t, uploading(t, parts...), RequestConfig{TempDir: dir, UploadMemory: 1000}, BodyLimits{})
	files, err := r.Files()
	must(t, err)
	inMemory := 0
	for _, f := range files {
		if f.body.InMemory() {
			inMemory++
		}
	}
	if len(files) != 20 || inMemory != 3 {
		t.Errorf("%d of %d files are in memory", inMemory, len(files))
	}
	r.Close()
	emptyDir(t, dir)
}

func TestUploadCodePage(t *testing.T) {
	r := received(t, uploading(t, part{"\xc7\xd1", "-", "", "\xb1\xdb"}, part{"f", "\xc7\xd1.txt", "", "x"}), RequestConfig{CodePage: codePage(t, 949)}, BodyLimits{})
	form, err := r.Form()
	if err != nil || dump(form) != `한=["글"]` {
		t.Errorf("%s, %v", dump(form), err)
	}
	if files, _ := r.Files(); len(files) != 1 || files[0].Name != "한.txt" {
		t.Errorf("%+v", files)
	}
}

func TestUploadLimits(t *testing.T) {
	many := func(n int, fileName string) []part {
		var parts []part
		for range n {
			parts = append(parts, part{"x", fileName, "", "1"})
		}
		return parts
	}
	tests := []struct {
		name    string
		parts   []part
		setting string
	}{
		{"fields at the limit", many(10, "-"), ""},
		{"fields", many(11, "-"), "max_form_fields"},
		{"files at the limit", many(5, "f"), ""},
		{"files", many(6, "f"), "max_upload_files"},
		{"both at the limit", append(many(10, "-"), many(5, "f")...), ""},
		{"size at the limit", []part{{"x", "-", "", strings.Repeat("x", 100)}}, ""},
		{"size", []part{{"x", "-", "", strings.Repeat("x", 101)}}, "max_form_field_size"},
		{"a file may be longer", []part{{"x", "f", "", strings.Repeat("x", 10000)}}, ""},
		{"empty file fields", many(12, ""), ""},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		if tt.name == "empty file fields" {
			for i := range tt.parts {
				tt.parts[i].content = ""
			}
			tt.setting = "max_form_fields"
		}
		r := received(t, uploading(t, tt.parts...), RequestConfig{TempDir: dir, UploadMemory: 1, Limits: FormLimits{MaxFields: 10, MaxFieldSize: 100, MaxFiles: 5}}, BodyLimits{Memory: 100})
		before := r.CheckLimits()
		_, err := r.Form()
		for _, err := range []error{before, err} {
			limit, ok := errors.AsType[*LimitError](err)
			if tt.setting == "" && err != nil || tt.setting != "" && (!ok || limit.Setting != tt.setting || limit.Status != 413) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.setting)
			}
		}
		r.Close()
		emptyDir(t, dir)
	}
}

func TestMalformedUploads(t *testing.T) {
	const ct = "multipart/form-data; boundary=b"
	headers := ""
	for i := range 20 {
		headers += fmt.Sprintf("X-%d: y\r\n", i)
	}
	tests := []struct{ name, contentType, body string }{
		{"no boundary", "multipart/form-data", "x"},
		{"empty boundary", `multipart/form-data; boundary=""`, "x"},
		{"bad parameters", "multipart/form-data; boundary", "x"},
		{"no part", ct, "nothing"},
		{"cut in a header", ct, "--b\r\nContent-Disp"},
		{"cut in a field", ct, "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhal"},
		{"cut in a file", ct, "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\n" + strings.Repeat("x", 9999)},
		{"too many headers", ct, "--b\r\n" + headers + "\r\nx\r\n--b--\r\n"},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		r := received(t, post(tt.contentType, tt.body), RequestConfig{TempDir: dir, UploadMemory: 10}, BodyLimits{})
		_, err := r.Form()
		if e, ok := errors.AsType[*BodyError](err); !ok || e.Status != 400 {
			t.Errorf("%s: %v", tt.name, err)
		}
		if files, err := r.Files(); files != nil || err == nil {
			t.Errorf("%s: %v, %v", tt.name, files, err)
		}
		emptyDir(t, dir)
		r.Close()
	}

	// Parts without a name, or that are no form data, are nothing.
	odd := "--b\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b\r\nContent-Disposition: attachment; name=\"n\"\r\n\r\nx\r\n--b\r\nContent-Disposition: ;;\r\n\r\nx\r\n--b--\r\n"
	r := received(t, post(ct, odd), RequestConfig{}, BodyLimits{})
	if form, err := r.Form(); err != nil || form.Len() != 0 {
		t.Errorf("%s, %v", dump(form), err)
	}
}

func TestUploadWithoutAPlaceForIt(t *testing.T) {
	dir := t.TempDir()
	hr := uploading(t, part{"f", "f", "", strings.Repeat("x", 5000)})
	r := received(t, hr, RequestConfig{TempDir: dir + "/missing", UploadMemory: 10}, BodyLimits{TempDir: dir})
	_, err := r.Form()
	if e, ok := errors.AsType[*BodyError](err); !ok || e.Status != 500 || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestClosedRequest(t *testing.T) {
	r := received(t, post(urlencoded, "a=1"), RequestConfig{}, BodyLimits{})
	must(t, r.Close())
	if _, err := r.Form(); !errors.Is(err, ErrDetached) {
		t.Errorf("%v", err)
	}
	if _, err := r.BinaryRead(1); !errors.Is(err, ErrDetached) {
		t.Errorf("%v", err)
	}
}

func FuzzForm(f *testing.F) {
	const ct = "multipart/form-data; boundary=b"
	f.Add(ct, "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\n")
	f.Add(ct, "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"..\\\\x\"\r\n\r\nx\r\n--b--\r\n")
	f.Add(ct, "--b\r\nContent-Disposition: form-data; name*=utf-8''%e9; filename*0=a\r\n\r\n")
	f.Add("multipart/form-data; boundary=\"\"", "--\r\n")
	f.Add(urlencoded, "a=%u0041&%=+&&")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		if body == "" || strings.ContainsAny(contentType, "\r\n") {
			return
		}
		dir := t.TempDir()
		hr := httptest.NewRequest("POST", "/", strings.NewReader(body))
		hr.Header["Content-Type"] = []string{contentType}
		spooled, err := ReadBody(t.Context(), hr, BodyLimits{Memory: 64, TempDir: dir})
		if err != nil {
			t.Skip()
		}
		r := NewRequest(hr, spooled, RequestConfig{TempDir: dir, UploadMemory: 32, Limits: FormLimits{MaxFields: 20, MaxFiles: 3, MaxFieldSize: 50}})
		before := r.CheckLimits()
		form, err := r.Form()
		if errors.As(before, new(*LimitError)) != errors.As(err, new(*LimitError)) {
			t.Fatalf("before: %v; when it is read: %v", before, err)
		}
		if err == nil {
			files, _ := r.Files()
			total := int64(0)
			for _, f := range files {
				total += f.Size
				if strings.ContainsAny(f.Name, "/\\\x00\r\n") || f.Name == ".." {
					t.Fatalf("file name %q", f.Name)
				}
			}
			if form.Len() > 20 || len(files) > 3 || total > int64(len(body)) {
				t.Fatalf("%d fields, %d files, %d bytes", form.Len(), len(files), total)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		emptyDir(t, dir)
	})
}
