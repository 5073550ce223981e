package site_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// TestUpload sends a picture that calls itself a text, and a text that calls
// itself a picture.
func TestUpload(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, serve(t, nil))
	token := v.get("upload.asp", 200).token(t)
	gif := "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

	v.follow(v.upload(token, "<p>.txt", "text/plain", gif, 302)).has(t,
		"<h2>&lt;p&gt;.txt</h2>", "<td>text/plain</td>", "<td>image/gif</td>", "47 49 46 38 39 61", "GIF89a", `src="parts/picture.asp"`)
	picture := v.get("parts/picture.asp", 200)
	if picture.body != gif || picture.Header.Get("Content-Type") != "image/gif" {
		t.Errorf("the picture came back as %s: %q", picture.Header.Get("Content-Type"), picture.body)
	}

	text := v.follow(v.upload(token, "a.png", "image/png", "<script>alert(1)</script>", 302))
	text.has(t, "<td>text/plain</td>", "&lt;script&gt;aler")
	text.hasNot(t, "<img class=\"preview\"")
	v.get("parts/picture.asp", 404)

	v.upload(token, "", "application/octet-stream", "", 422).has(t, "Please choose a file first.")
	v.upload(token, "big.txt", "text/plain", strings.Repeat("x", 150_001), 422).has(t, "too large")
	v.post("upload.asp", form("token", token, "do", "forget"), 302)
	v.get("upload.asp", 200).hasNot(t, "a.png")
}

func (v *visitor) upload(token, name, contentType, content string, want int) answer {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	err := w.WriteField("token", token)
	if err == nil {
		header := map[string][]string{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename="%s"`, name)},
			"Content-Type":        {contentType},
		}
		part, partErr := w.CreatePart(header)
		if partErr != nil {
			v.t.Fatal(partErr)
		}
		_, err = part.Write([]byte(content))
	}
	if err != nil || w.Close() != nil {
		v.t.Fatal("the form can't be written", err)
	}
	return v.must(http.MethodPost, "upload.asp", w.FormDataContentType(), &body, want)
}
