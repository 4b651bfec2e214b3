package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// fetchWait bounds one way of fetching: a slow line may need minutes, a dead one must not need for ever.
const fetchWait = 10 * time.Minute

// errAbsent: this way does not exist on this machine (no npm, no apt), so the next is tried in silence.
var errAbsent = errors.New("not on this machine")

// fetchPrograms brings PostgreSQL into the cache without touching the system, with whatever package client is there.
func fetchPrograms(ctx context.Context, cache string, log *slog.Logger) (programs, error) {
	lock, err := takeLock(ctx, filepath.Join(cache, ".lock"))
	if err != nil {
		return programs{}, err
	}
	defer lock.Close()
	if found := cached(ctx, cache); len(found) > 0 { // another process was faster
		return found[0], nil
	}
	ways := []struct {
		client, name string
		fetch        func(ctx context.Context, into string) error
	}{
		{"npm", npmName(), fetchNpm},
		{"apt-get", debianName, fetchDebian},
	}
	var errs []error
	for _, w := range ways {
		if _, err := exec.LookPath(w.client); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", w.client, errAbsent))
			continue
		}
		log.Info("no PostgreSQL here, fetching one", "client", w.client, "into", filepath.Join(cache, w.name))
		p, err := fetchInto(ctx, filepath.Join(cache, w.name), w.fetch)
		if err == nil {
			return p, nil
		}
		log.Info("that did not work", "client", w.client, "error", err)
		errs = append(errs, fmt.Errorf("%s: %w", w.client, err))
	}
	return programs{}, fmt.Errorf(`no PostgreSQL %d to %d was found and none could be fetched:
%w
Do one of these and start again:
  install it (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17);
  set KABAR_PG_BIN to the directory that holds postgres and initdb;
  set DATABASE_URL to a running server`, oldest, newest, errors.Join(errs...))
}

// fetchInto lets target appear only when it is whole and its programs run.
func fetchInto(ctx context.Context, target string, fetch func(context.Context, string) error) (programs, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchWait)
	defer cancel()
	part, err := os.MkdirTemp(filepath.Dir(target), ".part-")
	if err != nil {
		return programs{}, err
	}
	defer os.RemoveAll(part)
	if err := os.Chmod(part, 0o755); err != nil { // the server's account has to get in
		return programs{}, err
	}
	root := filepath.Join(part, "root")
	if err := os.Mkdir(root, 0o755); err != nil {
		return programs{}, err
	}
	if err := fetch(ctx, root); err != nil {
		return programs{}, err
	}
	if _, err := unpacked(ctx, root); err != nil {
		return programs{}, err
	}
	if err := os.RemoveAll(target); err != nil {
		return programs{}, err
	}
	if err := os.Rename(root, target); err != nil {
		return programs{}, err
	}
	return unpacked(ctx, target)
}

// run is one step of fetching, in a directory of its own.
func run(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second
	var stderr limited
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, err, tail(stderr))
	}
	return out, nil
}

// limited keeps the first 64 KiB that are written to it.
type limited []byte

func (l *limited) Write(b []byte) (int, error) {
	*l = append(*l, b[:min(len(b), 64<<10-len(*l))]...)
	return len(b), nil
}
