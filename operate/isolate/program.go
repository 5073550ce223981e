package isolate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// errTrialEnded: a worker of a new program died before it was anybody's.
var errTrialEnded = errors.New("the worker of the new program has ended")

// TryProgram starts a worker of the program at path beside those that serve,
// and waits until it is ready; version is what it calls itself. The caller
// calls take or drop. take puts the worker in the place of the current one,
// which finishes its requests, so that none is lost; by then the program has to
// be where Config.Executable says, for the workers that follow. drop ends it, and
// does nothing to one that was taken. An error, of take too, leaves everything
// as it was.
func (s *Supervisor) TryProgram(ctx context.Context, path string) (version string, take func(context.Context) error, drop func(), err error) {
	w, err := s.startProgram(ctx, path, false)
	if err != nil {
		return "", nil, nil, err
	}
	_, version, _ = w.identity()
	taken := false
	take = func(ctx context.Context) error {
		err := s.takeOver(ctx, w)
		taken = taken || err == nil
		return err
	}
	drop = func() {
		if !taken {
			w.part(context.WithoutCancel(ctx))
		}
	}
	return version, take, drop, nil
}

// takeOver makes a worker that is ready the current one. What was said of the
// program before it doesn't count any more.
func (s *Supervisor) takeOver(ctx context.Context, w *worker) error {
	if s.isSingle() {
		if err := w.channel.call(ctx, "single", singleArgs{true}, nil); err != nil {
			return err
		}
	}
	if err := s.succeed(ctx, w); err != nil {
		return err
	}
	w.mu.Lock()
	w.program = s.executable()
	w.mu.Unlock()
	s.forgive()
	return nil
}

// succeed has a worker follow the current one, and the one for suspects end.
func (s *Supervisor) succeed(ctx context.Context, w *worker) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.nothingStarts(ctx); err != nil {
		return err
	}
	switch {
	case s.closed:
		return errShutdown
	case !slices.Contains(s.all, w):
		return errTrialEnded
	}
	const why = "another program"
	for _, old := range []*worker{s.current, s.spare} {
		if old != nil {
			s.log.Info("worker replaced", "number", old.number, "by", w.number, "why", why)
			s.wg.Go(func() { old.retire(why) })
		}
	}
	if s.current != nil {
		s.counts.Recycled++
	}
	s.current, s.spare, s.used = w, nil, time.Now()
	return nil
}

// calls notes what a worker's program says its version is.
func (w *worker) calls(version string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.version = clip(version, 200)
}

// identify notes the hash of a worker's program, and closes its file.
func (w *worker) identify(file *os.File) {
	hash, err := w.s.hashes.of(file)
	_ = file.Close()
	if err != nil {
		return // a program may be run that can't be read
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hash = hash
}

// identity is which program a worker runs, as far as it is known.
func (w *worker) identity() (program, version, hash string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	program = w.program
	if own, err := ownProgram(); err == nil && program == own {
		program, _ = os.Executable()
	}
	return program, w.version, w.hash
}

// hashes remember the last program's, for the workers that follow: a program
// is large.
type hashes struct {
	mu   sync.Mutex
	info os.FileInfo
	hash string
}

// of is the beginning of a file's hash.
func (h *hashes) of(file *os.File) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	if h.info != nil && os.SameFile(h.info, info) && h.info.Size() == info.Size() && h.info.ModTime().Equal(info.ModTime()) {
		return h.hash, nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	h.info, h.hash = info, hex.EncodeToString(sum.Sum(nil))[:hashDigits]
	return h.hash, nil
}

// hashDigits tell programs apart, for people.
const hashDigits = 12

// buildVersion is the version of the program's main module.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return info.Main.Version
}
