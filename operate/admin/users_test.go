package admin

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

func everybody(string) bool { return true }

// argonText is a hash in the form of other programs.
func argonText(password string) string {
	salt := []byte("a grain of salt!")
	key := argon2.IDKey([]byte(password), salt, 1, 64, 1, 32)
	raw := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=64,t=1,p=1$%s$%s", raw.EncodeToString(salt), raw.EncodeToString(key))
}

func TestHashes(t *testing.T) {
	b, err := bcrypt.GenerateFromPassword([]byte("pw"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	y := "$2y$" + strings.TrimPrefix(string(b), "$2a$") // as htpasswd writes it
	for _, text := range []string{string(b), y, argonText("pw")} {
		_, err := readUsers(strings.NewReader("\n# all\n x : none\nada:" + text + ":comment\n"))
		if err == nil {
			t.Errorf("a line with a hash of no kind is taken")
		}
		table, err := readUsers(strings.NewReader("\n# all\nada:" + text + ":comment\n"))
		if err != nil {
			t.Fatal(err)
		}
		if !table.matches(everybody, "ada", "pw") {
			t.Errorf("%s: the password isn't taken", text)
		}
		for _, try := range [][2]string{{"ada", "PW"}, {"ada", ""}, {"bob", "pw"}, {"", "pw"}, {"Ada", "pw"}} {
			if table.matches(everybody, try[0], try[1]) {
				t.Errorf("%s: %q is taken", text, try)
			}
		}
		if table.matches(func(string) bool { return false }, "ada", "pw") {
			t.Errorf("%s: an account that may not", text)
		}
	}
	for _, bad := range []string{
		"", "pw", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "$apr1$x$y", "$2y$05$short", "$2y$31$" + strings.Repeat("a", 53),
		"$argon2i$v=19$m=64,t=1,p=1$YWFhYWFhYWE$" + strings.Repeat("a", 43), strings.Replace(argonText("x"), "m=64", "m=99999999", 1),
		strings.Replace(argonText("x"), "t=1", "t=0", 1), strings.Replace(argonText("x"), "p=1", "p=0", 1), strings.Replace(argonText("x"), "v=19", "v=16", 1),
	} {
		if _, err := parseHash(bad); err == nil {
			t.Errorf("%q is taken for a hash", bad)
		}
	}
}

// TestUnknownAccountsTakeAsLong: the hash that is checked for them is the
// dearest there is.
func TestUnknownAccountsTakeAsLong(t *testing.T) {
	cheap, _ := bcrypt.GenerateFromPassword([]byte("pw"), bcrypt.MinCost)
	dear, _ := bcrypt.GenerateFromPassword([]byte("pw"), bcrypt.MinCost+1)
	table, err := readUsers(strings.NewReader(fmt.Sprintf("a:%s\nb:%s\nc:%s\n", cheap, dear, cheap)))
	if err != nil {
		t.Fatal(err)
	}
	if got := table.dummy.(bcryptHash); string(got.text) != string(dear) {
		t.Errorf("the dummy is %s", got.text)
	}
}

func TestSetPassword(t *testing.T) {
	name := filepath.Join(t.TempDir(), "users")
	set := func(account, password string, created bool) {
		t.Helper()
		got, err := setPassword(name, account, password, bcrypt.MinCost)
		if err != nil || got != created {
			t.Fatalf("%s: %t, %v", account, got, err)
		}
	}
	set("ada", "first", true)
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
	text, _ := os.ReadFile(name)
	if err := os.WriteFile(name, append([]byte("# kept\n"), text...), 0o640); err != nil {
		t.Fatal(err)
	}
	u, err := openUsers(name)
	if err != nil {
		t.Fatal(err)
	}
	set("bob", "second", true)
	set("ada", "third", false)
	table, err := u.current()
	if err != nil || !table.matches(everybody, "ada", "third") || table.matches(everybody, "ada", "first") || !table.matches(everybody, "bob", "second") {
		t.Errorf("the passwords that were set aren't those in force: %v", err)
	}
	text, _ = os.ReadFile(name)
	if !strings.HasPrefix(string(text), "# kept\n") || strings.Count(string(text), "\n") != 3 {
		t.Errorf("the file is %q", text)
	}
	for account, password := range map[string]string{"": "x", "a:b": "x", "#a": "x", "a\nb": "x", " a": "x", "empty": "", "long": strings.Repeat("x", 73)} {
		if _, err := SetPassword(name, account, password); err == nil {
			t.Errorf("%q, %q is taken", account, password)
		}
	}
}

// TestUsersChange: a file that is broken while the console runs leaves the
// former accounts in force, and one that is mended counts at once.
func TestUsersChange(t *testing.T) {
	name := usersFile(t)
	u, err := openUsers(name)
	if err != nil {
		t.Fatal(err)
	}
	age := func(seconds int) {
		at := time.Now().Add(time.Duration(seconds) * time.Second)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	good, _ := os.ReadFile(name)
	for i, text := range []string{"broken", "ada:pw", string(good) + string(good)} {
		os.WriteFile(name, []byte(text), 0o600)
		age(i + 1)
		for range 2 {
			if table, err := u.current(); err == nil || !table.matches(everybody, theAccount, thePassword) {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
	os.Remove(name)
	if table, err := u.current(); err == nil || !table.matches(everybody, theAccount, thePassword) {
		t.Errorf("gone: %v", err)
	}
	os.WriteFile(name, []byte("# nobody\n"), 0o600)
	age(9)
	if table, err := u.current(); err != nil || table.matches(everybody, theAccount, thePassword) {
		t.Errorf("emptied: %v", err)
	}
}

// TestRemembered: a sign-in is remembered for a while, never many, and not
// past a change of the file.
func TestRemembered(t *testing.T) {
	c, now := newRemembered(newKey()), time.Now()
	sum := c.sum("ada", "pw", "10.0.0.1", "0")
	c.add(sum, now)
	if !c.has(sum, now) || c.has(c.sum("ada", "pw", "10.0.0.1", "1"), now) || c.has(c.sum("adap", "w", "10.0.0.1", "0"), now) {
		t.Error("the wrong ones are remembered")
	}
	if c.has(sum, now.Add(rememberedFor)) {
		t.Error("for ever")
	}
	for i := range 3 * rememberedMax {
		c.add(c.sum(fmt.Sprint(i)), now)
	}
	if len(c.all) > rememberedMax {
		t.Errorf("%d are remembered", len(c.all))
	}
}
