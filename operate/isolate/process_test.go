//go:build unix

package isolate

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store/memory"
)

// alive says whether there is such a process; one that nobody waited for yet
// is dead.
func alive(pid int) bool {
	if err := syscall.Kill(pid, 0); err != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return !errors.Is(err, os.ErrNotExist) || !isLinux()
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}

func isLinux() bool {
	_, err := os.Stat("/proc/self/stat")
	return err == nil
}

// TestWorkersEndWithTheirParent: no orphan is left, and the next server
// removes the folder.
func TestWorkersEndWithTheirParent(t *testing.T) {
	root, temp := site(t, pages), t.TempDir()
	for _, state := range []string{"running", "stopped"} {
		if state == "stopped" && !isLinux() {
			t.Skip("a worker that is stopped can't notice anything")
		}
		parent := exec.Command(os.Args[0], "parent", root, temp)
		out, err := parent.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := parent.Start(); err != nil {
			t.Fatal(err)
		}
		var pid int
		if _, err := fmt.Fscan(out, &pid); err != nil || !alive(pid) {
			t.Fatalf("%v %d", err, pid)
		}
		if state == "stopped" {
			_ = syscall.Kill(pid, syscall.SIGSTOP)
		}
		_ = parent.Process.Kill()
		_ = parent.Wait()
		b := &bench{T: t}
		b.until("the worker ends", func() bool { return !alive(pid) })
	}
	if left, _ := filepath.Glob(filepath.Join(temp, homeName(nil), folderPrefix+"*")); len(left) == 0 {
		t.Error("there is nothing to remove: the test proves nothing")
	}
	b := isolated(t, pages, func(c *Config) { c.TempDir = temp })
	if left, _ := filepath.Glob(filepath.Join(temp, homeName(nil), folderPrefix+"*")); len(left) != 1 {
		t.Errorf("folders: %v", left)
	}
	b.wants("/", 200, "42") // and its own is still there
}

func TestSurroundings(t *testing.T) {
	if !isLinux() {
		t.Skip("it looks into /proc")
	}
	folder := t.TempDir()
	b := isolated(t, pages, func(c *Config) {
		c.Environment, c.Folder, c.Nice, c.Files, c.Processors = []string{"NAJA_TEST=yes"}, folder, 5, 200, 1
		if !raceDetector {
			c.MemoryLimit = 1 << 30
		}
	})
	b.wants("/", 200, "42")
	read := func(name string) string {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", b.pid(), name))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	if !strings.Contains(read("environ"), "NAJA_TEST=yes\x00") {
		t.Error("worker_environment isn't there")
	}
	if strings.Contains(read("environ")+read("cmdline"), b.root) {
		t.Error("settings are on the command line or in the environment")
	}
	if cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", b.pid())); cwd != folder {
		t.Errorf("worker_folder: %s %v", cwd, err)
	}
	fields := strings.Fields(read("limits"))
	limits := strings.Join(fields, " ")
	if !strings.Contains(limits, "Max open files 200 200") || !raceDetector && !strings.Contains(limits, fmt.Sprint("Max address space ", int64(1<<30+addressSlack))) {
		t.Error(limits)
	}
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", b.pid()))
	own, _ := niceness(0)
	for _, task := range tasks {
		_, rest, _ := strings.Cut(read("task/"+task.Name()+"/stat"), ") ")
		if nice := strings.Fields(rest)[16]; nice != fmt.Sprint(min(own+5, 19)) { // which is the least there is
			t.Errorf("thread %s has niceness %s", task.Name(), nice)
		}
	}
	info, err := os.Stat(b.folder.path)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of the sockets: %v %v", info.Mode(), err)
	}
}

func TestAnotherUser(t *testing.T) {
	if os.Getuid() != 0 || !isLinux() {
		t.Skip("only root can do it")
	}
	root, err := os.MkdirTemp("/tmp", "site-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	temp, err := os.MkdirTemp("/tmp", "temp-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(temp) })
	for name, mode := range map[string]os.FileMode{"public.txt": 0o644, "secret.txt": 0o600, "count.asp": 0o644} {
		text := name
		if name == "count.asp" {
			text = `<% Application("n") = 1; %><%= Application("n") %>`
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chmod(root, 0o755), os.Chmod(temp, 0o755)); err != nil {
		t.Fatal(err)
	}
	b := isolated(t, nil, func(c *Config) { c.Engine.Root, c.TempDir, c.User, c.Backend = root, temp, "nobody", memory.New() })
	b.wants("/count.asp", 200, "1")
	b.wants("/public.txt", 200, "public.txt")
	b.wants("/secret.txt", 404, "") // the file is the server's, not the worker's
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.pid()))
	if err != nil || !strings.Contains(string(status), fmt.Sprintf("Uid:\t%d\t%[1]d", b.owner.uid)) {
		t.Errorf("%v\n%s", err, status)
	}
}

// TestAnotherProgram: what is put in the place of worker_executable is started
// next; what doesn't start changes nothing.
func TestAnotherProgram(t *testing.T) {
	program := filepath.Join(t.TempDir(), "naja")
	own, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	put := func(content []byte) {
		if err := errors.Join(os.WriteFile(program+".new", content, 0o755), os.Rename(program+".new", program)); err != nil {
			t.Fatal(err)
		}
	}
	put(own)
	b := isolated(t, pages, func(c *Config) { c.Executable = program })
	b.wants("/", 200, "42")
	first := b.pid()
	for _, bad := range []string{"no program", "#!/bin/sh\necho hello; exit 3\n"} {
		put([]byte(bad))
		if err := b.Recycle(t.Context(), "an update"); err == nil {
			t.Errorf("%q serves", bad)
		}
		b.wants("/", 200, "42")
	}
	if b.pid() != first {
		t.Error("the worker was replaced by one that doesn't start")
	}
	put(own)
	if err := b.Recycle(t.Context(), "an update"); err != nil || b.pid() == first {
		t.Errorf("%v", err)
	}
	b.wants("/", 200, "42")
}

// TestTryProgram: a worker of another program is tried beside those that serve,
// and takes over, or is dropped without anybody having noticed.
func TestTryProgram(t *testing.T) {
	b := isolated(t, pages, func(c *Config) { c.Executable = "" })
	next := filepath.Join(t.TempDir(), "next")
	own, err := os.ReadFile(os.Args[0])
	if err == nil {
		err = os.WriteFile(next, append(own, "another"...), 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	first := b.pid()
	before := b.report().Workers[0]
	if own, _ := os.Executable(); before.Program != own {
		t.Errorf("it runs %s", before.Program)
	}
	_, _, drop, err := b.TryProgram(t.Context(), next)
	if err != nil {
		t.Fatal(err)
	}
	b.wants("/", 200, "42")
	drop()
	if r := b.report(); len(r.Workers) != 1 || r.Workers[0].PID != first || r.Crashed != 0 {
		t.Errorf("%+v", r)
	}
	_, take, drop, err := b.TryProgram(t.Context(), next)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Single(t.Context(), true), take(t.Context())); err != nil {
		t.Fatal(err)
	}
	drop() // which does nothing any more
	b.wants("/", 200, "42")
	b.until("its hash is known", func() bool { return b.report().Workers[len(b.report().Workers)-1].Hash != "" })
	if now := b.pid(); now == first || now == 0 || !b.Status().Single {
		t.Errorf("process %d, before %d; single %v", now, first, b.Status().Single)
	}
	b.until("the old one has left", func() bool { return len(b.report().Workers) == 1 })
	if r := b.report(); r.Workers[0].Hash == before.Hash || r.Crashed != 0 || r.Recycled != 1 {
		t.Errorf("%+v, before %+v", r, before)
	}
	_, take, _, err = b.TryProgram(t.Context(), next)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range b.report().Workers {
		if w.Role == "starting" {
			_ = b.Kill(t.Context(), w.Number)
		}
	}
	if err := take(t.Context()); err == nil {
		t.Error("a dead worker took over")
	}
	b.wants("/", 200, "42")
}

func TestStandardOutputIsTagged(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.MemoryLimit = 128 << 20 })
	pid := b.pid()
	b.wants("/deep.asp", 502, "")
	b.logs(fmt.Sprintf(`msg="worker says" worker=%d stream=stderr line="fatal error: stack overflow"`, pid))
}

func TestSuspectUnderAnotherName(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{"default.asp": pages["wait.asp"]}, nil)
	answers := make(chan answered, 1)
	go func() { answers <- b.get("/") }()
	b.until("it runs", func() bool { return len(b.Status().Running) == 1 })
	b.kill(syscall.SIGKILL)
	if a := <-answers; a.status != 502 {
		t.Errorf("%v", a)
	}
	a := b.wants("/default.asp", 200, "done")
	if a.header.Get(elsewhereHeader) != "" {
		t.Error("the answer has a header that is for the server")
	}
	if r := b.report(); r.Started != 3 || len(r.Suspects) > 0 {
		t.Errorf("%+v", r)
	}
}

// TestSuspectClearedWhileAWorkerStarts: the new worker hears of it.
func TestSuspectClearedWhileAWorkerStarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program, wait := filepath.Join(dir, "slow"), filepath.Join(dir, "wait")
	script := fmt.Sprintf("#!/bin/sh\nwhile [ -e %q ]; do sleep 0.01; done\nexec %q worker\n", wait, os.Args[0])
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	b := isolated(t, pages, func(c *Config) { c.Executable = program })
	if err := os.WriteFile(wait, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	b.suspects.accuse([]runningPage{{"default.asp", "/"}})
	b.tellSuspects()
	started := make(chan error, 1)
	go func() { started <- b.Recycle(t.Context(), "a test") }()
	b.until("it starts", func() bool {
		r := b.report()
		return len(r.Workers) == 2 && r.Workers[1].PID != 0
	})
	b.endedWell("default.asp")
	if err := os.Remove(wait); err != nil {
		t.Fatal(err)
	}
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	// It was made with the suspect, and may be asked before it has heard: then
	// the page runs elsewhere once more.
	heard := fmt.Sprintf("msg=request worker=%d method=GET path=/ status=200", b.pid())
	b.until("the new worker runs the page itself", func() bool {
		b.wants("/", 200, "42")
		return strings.Contains(b.log.String(), heard)
	})
}

// TestSuspectOfAStaleWorker: a worker that hasn't heard yet that a page was
// cleared sends it back; its client gets an answer all the same.
func TestSuspectOfAStaleWorker(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, nil)
	b.mu.Lock()
	w := b.current
	b.mu.Unlock()
	if err := w.channel.tell("suspects", []string{"default.asp"}); err != nil {
		t.Fatal(err)
	}
	a := b.wants("/", 200, "42")
	if a.header.Get(elsewhereHeader) != "" {
		t.Error("the client has seen what is for the server")
	}
}

func TestHalfAPageNeverLooksWhole(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{
		"slow.asp": `<% Response.Write("first"); Response.Flush(); while (true); %>`,
	}, nil)
	resp, err := b.client.Get(b.url + "/slow.asp")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, 5)
	if _, err := resp.Body.Read(first); err != nil || string(first) != "first" {
		t.Fatalf("%q %v", first, err)
	}
	b.kill(syscall.SIGKILL)
	if n, err := resp.Body.Read(first); err == nil || err.Error() == "EOF" {
		t.Errorf("%d %v: the answer looks whole", n, err)
	}
}

func TestClientThatLeavesIsNoticed(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{
		"endless.asp": `<% while (Response.IsClientConnected) { Response.Write("x"); Response.Flush(); } %>`,
	}, nil)
	resp, err := b.client.Get(b.url + "/endless.asp")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	b.until("the page has ended", func() bool { return len(b.Status().Running) == 0 })
}

func TestSecure(t *testing.T) {
	b := isolated(t, map[string]string{"https.asp": `<%= Request.ServerVariables("HTTPS") %>`}, func(c *Config) {
		c.Engine.Secure = func(r *http.Request) bool { return r.Header.Get("X-Secure") != "" }
	})
	r, _ := http.NewRequest("GET", b.url+"/https.asp", nil)
	plain := b.do(r)
	r.Header.Set("X-Secure", "yes")
	if secure := b.do(r); plain.body != "off" || secure.body != "on" {
		t.Errorf("%q %q", plain.body, secure.body)
	}
}

func TestObserver(t *testing.T) {
	heard := make(chan engine.Sample, 10)
	b := isolated(t, pages, func(c *Config) { c.Engine.Observer = observerFunc(func(s engine.Sample) { heard <- s }) })
	b.wants("/broken.asp", 500, "")
	select {
	case s := <-heard:
		if s.Status != 500 || !s.Failed || s.Application != "/" {
			t.Errorf("%+v", s)
		}
	case <-time.After(20 * time.Second):
		t.Error("nothing was heard")
	}
}

type observerFunc func(engine.Sample)

func (f observerFunc) Served(s engine.Sample) { f(s) }
