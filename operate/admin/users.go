package admin

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// maxUsersFile bounds the file of accounts.
const maxUsersFile = 1 << 20

// A users is the file of accounts, read again when it has changed. Any
// goroutine may use it.
type users struct {
	path string

	mu      sync.Mutex
	modTime time.Time
	size    int64
	table   *userTable
	problem error // why the file as it is now can't be used; the last good one is in force
}

// A userTable is what a file says. It doesn't change.
type userTable struct {
	hashes map[string]passwordHash
	dummy  passwordHash // the dearest, to be checked for unknown accounts
	number int          // of the reading, so that what was known of an older one doesn't count
}

// openUsers reads the file, which has to be right at the start.
func openUsers(path string) (*users, error) {
	u := &users{path: path}
	if err := u.reload(); err != nil {
		return nil, err
	}
	return u, nil
}

// current is what the file says now. The error says why it can't be used as it
// is now; the table is the last good one.
func (u *users) current() (*userTable, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	info, err := os.Stat(u.path)
	if err != nil {
		return u.table, fmt.Errorf("reading the accounts: %w", err)
	}
	if info.ModTime().Equal(u.modTime) && info.Size() == u.size {
		return u.table, u.problem
	}
	return u.table, u.reload()
}

// reload reads the file. u.mu is held, or nobody else has u.
func (u *users) reload() error {
	file, err := os.Open(u.path)
	if err != nil {
		return fmt.Errorf("reading the accounts: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("reading the accounts: %w", err)
	}
	table, err := readUsers(io.LimitReader(file, maxUsersFile))
	if err != nil {
		err = fmt.Errorf("%s: %w", u.path, err)
	} else {
		if u.table != nil {
			table.number = u.table.number + 1
		}
		u.table = table
	}
	u.modTime, u.size, u.problem = info.ModTime(), info.Size(), err
	return err
}

// readUsers reads lines of ACCOUNT:HASH; empty ones and those that begin with
// # are none. What htpasswd writes after a second colon is left out.
func readUsers(r io.Reader) (*userTable, error) {
	t := &userTable{hashes: map[string]passwordHash{}}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		name, rest, ok := strings.Cut(string(line), ":")
		if !ok || name == "" {
			return nil, fmt.Errorf("line %d isn't ACCOUNT:HASH", n)
		}
		text, _, _ := strings.Cut(rest, ":")
		hash, err := parseHash(text)
		if err != nil {
			return nil, fmt.Errorf("line %d: account %q: %w", n, name, err)
		}
		if _, twice := t.hashes[name]; twice {
			return nil, fmt.Errorf("line %d: account %q is there twice", n, name)
		}
		t.hashes[name] = hash
		if t.dummy == nil || hash.cost() > t.dummy.cost() {
			t.dummy = hash
		}
	}
	return t, lines.Err()
}

// has says whether an account, or any for "any", is there.
func (t *userTable) has(account string) error {
	_, ok := t.hashes[account]
	switch {
	case account == anyAccount && len(t.hashes) == 0:
		return errors.New("there is no account")
	case account != anyAccount && !ok:
		return fmt.Errorf("there is no account %q", account)
	}
	return nil
}

// matches says whether account has this password. It takes as long for an
// account that there isn't, or that isn't allowed.
func (t *userTable) matches(allowed func(account string) bool, account, password string) bool {
	hash, known := t.hashes[account]
	if !known {
		hash = t.dummy
	}
	if hash == nil {
		return false // there are no accounts at all
	}
	good := hash.matches(password)
	return good && known && allowed(account)
}

// SetPassword writes the hash of a password (bcrypt) for an account into the
// file at path, which is made if need be, and readable by its owner alone.
// Everything else in the file stays. created says that the account is new.
func SetPassword(path, account, password string) (created bool, err error) {
	return setPassword(path, account, password, bcryptCost)
}

func setPassword(path, account, password string, cost int) (created bool, err error) {
	if account == "" || strings.ContainsAny(account, ":\r\n\x00") || strings.TrimSpace(account) != account || account[0] == '#' {
		return false, fmt.Errorf("%q can't be the name of an account", account)
	}
	hash, err := newHash(password, cost)
	if err != nil {
		return false, err
	}
	old, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return false, fmt.Errorf("reading the accounts: %w", err)
	}
	text, created := withAccount(string(old), account, hash)
	return created, replaceFile(path, text)
}

// withAccount puts an account's line in the place of its former one, or at
// the end.
func withAccount(text, account, hash string) (changed string, created bool) {
	var b strings.Builder
	created = true
	for line := range strings.Lines(text) {
		if name, _, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && name == account {
			if created {
				fmt.Fprintf(&b, "%s:%s\n", account, hash)
			}
			created = false
			continue
		}
		b.WriteString(strings.TrimSuffix(line, "\n") + "\n")
	}
	if created {
		fmt.Fprintf(&b, "%s:%s\n", account, hash)
	}
	return b.String(), created
}

// replaceFile puts a new file in the place of an old one in one step, so that
// nobody reads half of it.
func replaceFile(path, text string) (err error) {
	mode := os.FileMode(0o600)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	next := path + ".new"
	file, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("writing the accounts: %w", err)
	}
	_, err = file.WriteString(text)
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		_ = os.Remove(next)
		return fmt.Errorf("writing the accounts: %w", err)
	}
	return nil
}
