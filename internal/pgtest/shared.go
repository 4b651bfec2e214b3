package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/embedded"
)

// startWait bounds the start of the shared server; the first ever fetches PostgreSQL.
const startWait = 20 * time.Minute

// stay is a use of a server. An *os.File that nobody refers to is closed by the garbage collector, and its lock is
// lost: so whoever uses the server keeps the stay.
type stay struct {
	server string
	hold   *os.File // nil where the server is not ours
}

// shared is the server of this process, found or started once and held until the process ends.
var shared = sync.OnceValues(func() (stay, error) {
	if server := os.Getenv("DATABASE_URL_TEST"); server != "" {
		return stay{server: server}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	return ours().enter(ctx)
})

// ours is the house of all tests of this user.
func ours() house {
	return house{filepath.Join(os.TempDir(), "kabar-pgtest-"+strconv.Itoa(os.Geteuid()))}
}

// house is the directory of a shared server. Who uses the server holds `users` locked (shared); the keeper, a process
// without a terminal or parent, stops it when nobody does. The kernel drops the lock of a process that is killed.
type house struct{ dir string }

func (h house) users() string  { return filepath.Join(h.dir, "users") }
func (h house) door() string   { return filepath.Join(h.dir, "door") } // held while one process has the server started
func (h house) notice() string { return filepath.Join(h.dir, "url") }  // the address, there while the server runs
func (h house) log() string    { return filepath.Join(h.dir, "keeper.log") }

// enter takes up a stay: the server runs until its hold is closed or this process ends.
func (h house) enter(ctx context.Context) (stay, error) {
	if err := h.build(); err != nil {
		return stay{}, err
	}
	hold, err := embedded.Flock(ctx, h.users(), syscall.LOCK_SH)
	if err != nil {
		return stay{}, err
	}
	now := time.Now() // tells the keeper of users who come and go between two of its looks
	err = os.Chtimes(h.users(), now, now)
	var server string
	if err == nil {
		server, err = h.open(ctx)
	}
	if err != nil {
		hold.Close()
		return stay{}, err
	}
	return stay{server, hold}, nil
}

// build makes the directory and refuses one that somebody else made under its well-known name.
func (h house) build() error {
	if err := os.Mkdir(h.dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(h.dir)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is not our directory", h.dir)
	}
	if os.Geteuid() == 0 { // the server's account has to get in
		return os.Chmod(h.dir, 0o711)
	}
	return nil
}

// open is the address of the running server; without one it starts the keeper and waits for its notice.
func (h house) open(ctx context.Context) (string, error) {
	door, err := embedded.Flock(ctx, h.door(), syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	defer door.Close()
	if server, ok := h.answering(ctx); ok {
		return server, nil
	}
	if err := os.Remove(h.notice()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	keeper, err := h.startKeeper()
	if err != nil {
		return "", err
	}
	var server string
	err = embedded.Wait(ctx, func() (bool, error) {
		var ok bool
		if server, ok = h.answering(ctx); ok {
			return true, nil
		}
		var status syscall.WaitStatus
		if pid, _ := syscall.Wait4(keeper, &status, syscall.WNOHANG, nil); pid == keeper {
			said, _ := os.ReadFile(h.log())
			return false, fmt.Errorf("the keeper of the test server ended: %s", strings.TrimSpace(string(said)))
		}
		return false, nil
	})
	return server, err
}

func (h house) answering(ctx context.Context) (string, bool) {
	b, err := os.ReadFile(h.notice())
	if err != nil {
		return "", false
	}
	conn, err := pgx.Connect(ctx, string(b))
	if err != nil {
		return "", false
	}
	return string(b), conn.Close(ctx) == nil
}

// startKeeper runs this same binary again, apart from our session and output, so that it outlives us.
func (h house) startKeeper() (pid int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	log, err := os.Create(h.log())
	if err != nil {
		return 0, err
	}
	defer log.Close()
	cmd := osexec.Command(self)
	cmd.Dir, cmd.Stdout, cmd.Stderr = h.dir, log, log
	cmd.Env = append(os.Environ(), keeperOf+"="+h.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	pid = cmd.Process.Pid
	return pid, cmd.Process.Release()
}
