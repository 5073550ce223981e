package runtime

import (
	"regexp"
	"testing"
)

func TestCrypto(t *testing.T) {
	got, err := runText(`<%= crypto.randomUUID() %>|<% var a = new Uint8Array(64), n = 0; crypto.getRandomValues(a); for (var i = 0; i < 64; i++) n += a[i] == 0 %><%= n < 60 %>|<%: "it's <b>" %>`)
	if err != nil || !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\|True\|it&#39;s &lt;b&gt;$`).MatchString(got) {
		t.Errorf("%q, %v", got, err)
	}
}
