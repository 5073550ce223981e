package stores

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A server is a program that keeps sessions, with a folder of its own below
// dir. It is started by the first test that needs it and ended by TestMain.
type server struct {
	name    string
	program string // as it is found in the PATH
	places  string // pattern of folders besides
	account string // to run as, where we are root and it won't
	// prepare makes its folder, command its command line on a port.
	prepare func(s *server) *exec.Cmd
	command func(s *server, port string) *exec.Cmd

	once sync.Once
	err  error // why there is none
	addr string
	dir  string
	cmd  *exec.Cmd
	over chan struct{} // closed when the program has ended
}

var redisServer = &server{name: "Redis", program: "redis-server", command: func(s *server, port string) *exec.Cmd {
	return exec.Command(s.program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", s.dir)
}}

var postgresServer = &server{
	name: "PostgreSQL", program: "initdb", places: "/usr/lib/postgresql/*/bin", account: "postgres",
	prepare: func(s *server) *exec.Cmd {
		return exec.Command(s.program, "--no-sync", "--auth", "trust", "--username", "postgres", "--pgdata", filepath.Join(s.dir, "data"))
	},
	command: func(s *server, port string) *exec.Cmd {
		program, err := filepath.EvalSymlinks(s.program) // it is beside the real one
		if err != nil {
			program = s.program
		}
		return exec.Command(filepath.Join(filepath.Dir(program), "postgres"), "-D", filepath.Join(s.dir, "data"), "-p", port,
			"-h", "127.0.0.1", "-k", s.dir, "-c", "fsync=off")
	},
}

var mariaServer = &server{
	name: "MariaDB", program: "mariadb-install-db", account: "mysql",
	prepare: func(s *server) *exec.Cmd {
		return exec.Command(s.program, "--no-defaults", "--datadir="+filepath.Join(s.dir, "data"),
			"--auth-root-authentication-method=normal", "--skip-test-db")
	},
	command: func(s *server, port string) *exec.Cmd {
		daemon := "mariadbd"
		if found, err := find(daemon, "/usr/sbin"); err == nil {
			daemon = found
		}
		cmd := exec.Command(daemon, "--no-defaults", "--datadir="+filepath.Join(s.dir, "data"), "--port="+port,
			"--bind-address=127.0.0.1", "--socket="+filepath.Join(s.dir, "socket"), "--pid-file="+filepath.Join(s.dir, "pid"),
			"--innodb-flush-log-at-trx-commit=0")
		cmd.Env = append(os.Environ(), "TZ=Europe/Berlin") // which has an hour too little in spring
		return cmd
	},
}

func find(program, places string) (string, error) {
	if found, err := exec.LookPath(program); err == nil {
		return found, nil
	}
	folders, _ := filepath.Glob(places)
	for _, folder := range folders {
		if found, err := exec.LookPath(filepath.Join(folder, program)); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: %w", program, exec.ErrNotFound)
}

// use starts the server, or skips the test.
func (s *server) use(t *testing.T) string {
	t.Helper()
	s.once.Do(func() { s.err = s.start() })
	switch {
	case errors.Is(s.err, exec.ErrNotFound):
		t.Skip(s.err)
	case s.err != nil:
		t.Fatalf("%s: %v", s.name, s.err)
	}
	return s.addr
}

func (s *server) start() (err error) {
	if s.program, err = find(s.program, s.places); err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "naja-stores-"); err != nil {
		return err
	}
	credential, err := s.credential()
	if err != nil {
		return err
	}
	if s.prepare != nil {
		if out, err := s.as(credential, s.prepare(s)).CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.addr = l.Addr().String()
	_, port, _ := net.SplitHostPort(s.addr)
	l.Close()
	s.cmd = s.as(credential, s.command(s, port))
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.over = make(chan struct{})
	go func() { _ = s.cmd.Wait(); close(s.over) }()
	for {
		conn, err := net.Dial("tcp", s.addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.over:
			text, _ := os.ReadFile(log.Name())
			return fmt.Errorf("it has ended: %s", text)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// credential is that of the server's account, which its folder then is. nil:
// our own.
func (s *server) credential() (*syscall.Credential, error) {
	if os.Geteuid() != 0 || s.account == "" {
		return nil, nil
	}
	account, err := user.Lookup(s.account)
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.Atoi(account.Uid)
	gid, err2 := strconv.Atoi(account.Gid)
	if err := errors.Join(err1, err2, os.Chown(s.dir, uid, gid)); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func (s *server) as(credential *syscall.Credential, cmd *exec.Cmd) *exec.Cmd {
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	return cmd
}

// stop ends the server at once; what it kept was for tests.
func (s *server) stop() {
	if s.over != nil {
		_ = s.cmd.Process.Signal(syscall.SIGQUIT) // PostgreSQL takes its workers along
		select {
		case <-s.over:
		case <-time.After(10 * time.Second):
			_ = s.cmd.Process.Kill()
			<-s.over
		}
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, s := range []*server{redisServer, postgresServer, mariaServer} {
		s.stop()
	}
	os.Exit(code)
}
