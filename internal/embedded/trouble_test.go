package embedded_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/embedded"
)

// pidfile is the one pid file below dir.
func pidfile(t *testing.T, dir string) string {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(dir, "pg*", "postmaster.pid"))
	if len(found) != 1 {
		t.Fatalf("%d pid files in %s, want 1", len(found), dir)
	}
	return found[0]
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(pidfile(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(b), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// eventually waits for something that must become true by itself.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(2 * time.Minute); !ok(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("not within two minutes: %s", what)
		}
	}
}

func TestServerDiesWithAKilledParent(t *testing.T) {
	dir := room(t)
	p := spawn(t, dir)
	p.ready(t)
	do(t, p.url, "create table kept as select 'aman' as word")
	pid := postmaster(t, dir)
	if err := p.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()

	next := start(t, embedded.Options{Dir: dir}) // at once: the old one may still be stopping
	if next.Adopted() {
		t.Error("joined a server whose parent is dead")
	}
	if got := ask(t, next.URL(embedded.Database), "select word from kept"); got != "aman" {
		t.Errorf("kept %q", got)
	}
	eventually(t, "the killed parent's server is gone", func() bool {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || strings.Contains(string(status), ") Z ")
	})
}

func TestKilledServerStartsAgain(t *testing.T) {
	dir := room(t)
	p := spawn(t, dir)
	p.ready(t)
	do(t, p.url, "create table kept as select 'aman' as word")
	if err := syscall.Kill(postmaster(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	next := start(t, embedded.Options{Dir: dir}) // p lives on and has the dead server as a child
	if got := ask(t, next.URL(embedded.Database), "select word from kept"); got != "aman" {
		t.Errorf("kept %q", got)
	}
}

func TestStalePidFile(t *testing.T) {
	stranger := exec.Command("sleep", "600")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	for name, pid := range map[string]int{"nobody has the number": 1 << 22, "a stranger has it": stranger.Process.Pid, "we have it": os.Getpid()} {
		t.Run(name, func(t *testing.T) {
			dir := room(t)
			first := start(t, embedded.Options{Dir: dir})
			file := pidfile(t, dir)
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			_, rest, _ := strings.Cut(string(content), "\n")
			if err := os.WriteFile(file, []byte(strconv.Itoa(pid)+"\n"+rest), 0o600); err != nil {
				t.Fatal(err)
			}
			if s := start(t, embedded.Options{Dir: dir}); s.Adopted() {
				t.Error("joined a server that is not there")
			}
		})
	}
}

func TestPlacesThatAreHardToReach(t *testing.T) {
	long := filepath.Join(room(t), strings.Repeat("sebuah-folder-yang-panjang/", 5))
	private := t.TempDir() // root's own, as a checkout below /root is
	if err := os.Chmod(private, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"longer than a socket's name may be": long, "only for us": filepath.Join(private, "var"), "spaces, commas": filepath.Join(room(t), "a b,c")} {
		t.Run(name, func(t *testing.T) {
			s := start(t, embedded.Options{Dir: dir})
			data := ask(t, s.URL(embedded.Database), "show data_directory")
			if !strings.HasPrefix(data, dir) { // root without the right to make a namespace
				t.Log("the data went to", data)
				t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(data)) })
			}
			other := spawn(t, dir)
			other.ready(t)
			if !other.adopted {
				t.Error("a second process does not find it")
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again := start(t, embedded.Options{Dir: dir})
			if again.Adopted() {
				t.Error("joined a server that was stopped")
			}
		})
	}
}
