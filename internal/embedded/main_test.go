package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/embedded"
)

// joinDir makes this binary a second process: it starts or joins the server there, says so, and stays until its standard
// input ends.
const joinDir = "KABAR_TEST_JOIN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(joinDir); dir != "" {
		os.Exit(second(dir))
	}
	os.Exit(m.Run())
}

func second(dir string) int {
	s, err := embedded.Start(context.Background(), embedded.Options{Dir: dir, Durable: true})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Printf("adopted=%t %s\n", s.Adopted(), s.URL(embedded.Database))
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Close(); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// process is a second process with a server.
type process struct {
	*exec.Cmd
	adopted bool
	url     string
	stdin   io.Closer
	said    chan string
}

func spawn(t *testing.T, dir string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0]), said: make(chan string, 1)}
	p.Env = append(os.Environ(), joinDir+"="+dir)
	p.Stderr = os.Stderr
	in, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdin = in
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		p.said <- line
	}()
	t.Cleanup(func() { _ = p.Process.Kill(); _ = p.Wait() })
	return p
}

// ready waits for the process to have its server.
func (p *process) ready(t *testing.T) {
	t.Helper()
	select {
	case line := <-p.said:
		adopted, url, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || !strings.HasPrefix(adopted, "adopted=") {
			t.Fatalf("the second process says %q", line)
		}
		p.adopted, p.url = adopted == "adopted=true", url
	case <-time.After(5 * time.Minute):
		t.Fatal("the second process has no server after five minutes")
	}
}
