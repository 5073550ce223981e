package asphttp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/najahost/naja/internal/codepage"
)

// File is one uploaded file. It lives until its Request is closed.
type File struct {
	Field       string // name of the form's field
	Name        string // the file's name without any folder, as the client gave it; "" for a name that is none
	ContentType string // what the client claims
	Size        int64  // bytes
	body        *Body

	rawField, rawName string // undecoded
}

// Open reads the file from its beginning; several readers don't disturb each other. Reading fails after the Request
// was closed. The reader's Close does nothing but satisfy its users.
func (f *File) Open() (io.ReadSeekCloser, error) {
	if f.body.Size() != f.Size {
		return nil, ErrDetached
	}
	return fileReader{f.body.Reader()}, nil
}

type fileReader struct{ io.ReadSeeker }

func (fileReader) Close() error { return nil }

// maxPartHeaders bounds the header lines of one part; browsers send two.
const maxPartHeaders = 16

// parseMultipart reads a multipart form: text parts become fields, parts with a file name become files.
func (r *Request) parseMultipart() (*Values, error) {
	limit, err := boundary(r.http)
	if err != nil {
		return nil, err
	}
	u := upload{r: r, memory: r.cfg.UploadMemory}
	if u.memory <= 0 {
		u.memory = defaultBodyMemory
	}
	if err := u.read(multipart.NewReader(r.body.Reader(), limit)); err != nil {
		for _, f := range u.files {
			f.body.Close() // the form's own error is what counts
		}
		return nil, err
	}
	r.files = u.files
	return lateValues("", func(v *Values) {
		for _, text := range u.texts {
			value, _ := r.codePage.Decode(text.value)
			v.add(r.codePage.DecodeString(text.name), value)
		}
	}), nil
}

// nameFiles decodes what names the files, once.
func (r *Request) nameFiles() {
	if r.filesNamed {
		return
	}
	r.filesNamed = true
	for _, f := range r.files {
		f.Field, f.Name = r.codePage.DecodeString(f.rawField), baseName(r.codePage.DecodeString(f.rawName))
	}
}

// formText is a field of a multipart form, undecoded.
type formText struct {
	name  string
	value []byte
}

// upload is a multipart form being read.
type upload struct {
	r       *Request
	texts   []formText
	files   []*File
	fields  int  // parts that are no file: those that are no field either cost as much
	memory  int  // what may still be kept in memory of files
	count   bool // only count: nothing is decoded or kept
	counted int  // files, then
}

// checkMultipart says whether a multipart form has more fields or files, or longer fields, than the limits allow. It
// keeps nothing, so that a form past them costs no apartment and no second file. One that can't be read is left to Form
// to refuse: a page may want its bytes and no more.
func (r *Request) checkMultipart() error {
	limit, err := boundary(r.http)
	if err != nil || r.fewParts(limit) {
		return nil
	}
	u := upload{r: r, count: true}
	if err := u.read(multipart.NewReader(r.body.Reader(), limit)); errors.As(err, new(*LimitError)) {
		return err
	}
	return nil
}

// fewParts says whether a form is within the limits by its size and the number of its boundaries alone.
func (r *Request) fewParts(boundary string) bool {
	l := r.cfg.Limits
	if !r.body.InMemory() || l.tooLong(len(r.body.data)) {
		return false
	}
	parts := bytes.Count(r.body.data, []byte("--"+boundary))
	return !l.tooMany(parts) && !l.tooManyFiles(parts)
}

func (u *upload) read(parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return malformed(err)
		}
		if len(part.Header) > maxPartHeaders {
			return malformed(fmt.Errorf("a part has more than %d header lines", maxPartHeaders))
		}
		if err := u.take(part); err != nil {
			return err
		}
	}
}

// take reads one part.
func (u *upload) take(part *multipart.Part) error {
	kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil || kind != "form-data" || params["name"] == "" {
		return u.countField()
	}
	if fileName, ok := params["filename"]; ok {
		return u.takeFile(part, params["name"], fileName)
	}
	if err := u.countField(); err != nil {
		return err
	}
	return u.takeField(part, params["name"])
}

func (u *upload) countField() error {
	if u.fields++; u.r.cfg.Limits.tooMany(u.fields) {
		return u.r.cfg.Limits.fieldsError()
	}
	return nil
}

func (u *upload) takeField(part io.Reader, name string) error {
	limits := u.r.cfg.Limits
	src := part
	if n, bounded := limit(limits.MaxFieldSize, defaultFieldSize); bounded {
		src = io.LimitReader(part, int64(n)+1)
	}
	if u.count {
		n, err := io.Copy(io.Discard, src)
		if err == nil && limits.tooLong(int(n)) {
			err = limits.sizeError()
		}
		return err
	}
	b, err := io.ReadAll(src)
	if err != nil {
		return malformed(err)
	}
	if limits.tooLong(len(b)) {
		return limits.sizeError()
	}
	u.texts = append(u.texts, formText{name, b})
	return nil
}

func (u *upload) takeFile(part *multipart.Part, field, name string) error {
	if u.count {
		return u.countFile(part, name)
	}
	s := spool{memory: max(u.memory, 1), dir: u.r.cfg.TempDir}
	if err := s.readFrom(part); err != nil {
		s.drop()
		if s.err != nil {
			return s.err
		}
		return malformed(err)
	}
	if s.size == 0 && u.noName(name) {
		return u.countField() // a file field left empty
	}
	if u.r.cfg.Limits.tooManyFiles(len(u.files) + 1) {
		s.drop()
		return u.r.cfg.Limits.filesError()
	}
	body, err := s.body()
	if err != nil {
		return err
	}
	if body.InMemory() {
		u.memory -= int(body.size)
	}
	u.files = append(u.files, &File{rawField: field, rawName: name, ContentType: part.Header.Get("Content-Type"), Size: body.size, body: body})
	return nil
}

func (u *upload) countFile(part io.Reader, name string) error {
	n, err := io.Copy(io.Discard, part)
	switch {
	case err != nil:
		return err
	case n == 0 && u.noName(name):
		return u.countField()
	}
	if u.counted++; u.r.cfg.Limits.tooManyFiles(u.counted) {
		return u.r.cfg.Limits.filesError()
	}
	return nil
}

// noName says whether what the client calls a file is no name of one.
func (u *upload) noName(raw string) bool { return baseName(u.r.codePage.DecodeString(raw)) == "" }

func malformed(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = errors.New("the multipart form ends too early")
	}
	return &BodyError{Status: http.StatusBadRequest, Err: err}
}

// baseName cuts the folders off a file name, in either spelling, and refuses what is no name of a file.
func baseName(s string) string {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	if s == "." || s == ".." || strings.IndexFunc(s, codepage.IsControl) >= 0 {
		return ""
	}
	return s
}
