package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lockFile is an exclusive lock that the kernel drops with its holder. While a server is launched by one process, others
// wait on it; its content is the process id of the last launcher.
type lockFile struct{ *os.File }

func takeLock(ctx context.Context, path string) (lockFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return lockFile{}, fmt.Errorf("lock: %w", err)
	}
	err = wait(ctx, 10*time.Millisecond, func() (bool, error) {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		f.Close()
		return lockFile{}, fmt.Errorf("lock %s: %w", path, err)
	}
	return lockFile{f}, nil
}

// launcher is the process that last launched a server here; 0 when none is known.
func (l lockFile) launcher() int {
	b, err := io.ReadAll(io.NewSectionReader(l, 0, 32))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return pid
}

func (l lockFile) setLauncher(pid int) error {
	if err := l.Truncate(0); err != nil {
		return err
	}
	_, err := l.WriteAt([]byte(strconv.Itoa(pid)+"\n"), 0)
	return err
}

// wait asks until it is answered true or an error, or ctx ends.
func wait(ctx context.Context, every time.Duration, ask func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if done, err := ask(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
