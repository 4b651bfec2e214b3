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

// lockFile is held while one process launches a server and the others wait; its content is the process id of the last
// launcher.
type lockFile struct{ *os.File }

func takeLock(ctx context.Context, path string) (lockFile, error) {
	f, err := Flock(ctx, path, syscall.LOCK_EX)
	return lockFile{f}, err
}

// Flock opens a file, making it if needed, and locks it (syscall.LOCK_EX or LOCK_SH), waiting as long as ctx allows. The
// kernel drops the lock when the file is closed or its process ends, however it ends.
func Flock(ctx context.Context, path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	err = Wait(ctx, func() (bool, error) {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
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

// Wait asks every few milliseconds until it is answered true or an error, or ctx ends.
func Wait(ctx context.Context, ask func() (bool, error)) error {
	tick := time.NewTicker(5 * time.Millisecond)
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
