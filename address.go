package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/kabar-prokus/kabar/internal/embedded"
)

// addressWait is how long a demo waits for one on the same data that is just stopping.
const addressWait = 3 * time.Second

// addressFile is where a demo notes the address at which it answers, for commands that join it. While the demo runs it
// holds the file's lock, which the kernel drops however the process ends.
func addressFile(dir string) string { return filepath.Join(dir, "address") }

// holdData makes this process the only demo on a data directory, or says where the other one answers.
func holdData(ctx context.Context, dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	soft, cancel := context.WithTimeout(ctx, addressWait)
	defer cancel()
	f, err := embedded.Flock(soft, addressFile(dir), syscall.LOCK_EX)
	if errors.Is(err, context.DeadlineExceeded) {
		where := "starting"
		if at := notedAddress(dir); at != "" {
			where = "at http://" + at
		}
		return nil, fmt.Errorf("a demo with the data in %s runs already, %s: use it, stop it, or choose another place with --data", dir, where)
	}
	return f, err
}

// noteAddress tells commands that join where this demo answers; an empty one that it is gone.
func noteAddress(f *os.File, addr string) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(addr), 0)
	return err
}

func notedAddress(dir string) string {
	b, err := os.ReadFile(addressFile(dir))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// demoURL is the address of the demo that runs with this data, or a demo's usual one.
func demoURL(dir string) string {
	return "http://" + cmp.Or(notedAddress(dir), "127.0.0.1:8080")
}

// reachable is a listening address as a browser on this machine can call it: ":8080" and "0.0.0.0:8080" listen everywhere,
// but nobody can go there.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
