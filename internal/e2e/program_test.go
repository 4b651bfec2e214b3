// Package e2e plays whole journeys through the real program: it is built once, started as a person would start it, and
// driven over HTTP and by its commands.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "kabar-e2e")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "kabar")
	build := exec.Command("go", "build", "-o", binary, "../..")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// program is one running `kabar demo`.
type program struct {
	t    testing.TB
	cmd  *exec.Cmd
	base string
	dir  string
	env  []string
	args []string
	done chan error
	log  *output
}

// freePort is an address at which nobody listens. It is below the ports that a system hands out by itself (32768 on Linux), so that
// none of the many doubles and connections of the tests beside takes it before the program does.
func freePort(t testing.TB) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(22_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no free port")
	return ""
}

// output is what a program has written so far.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// start runs the demo in a directory of its own and waits until it is ready.
func start(t testing.TB, env []string, args ...string) *program {
	t.Helper()
	dir, err := os.MkdirTemp("", "kabar-e2e-data")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // the database runs as another user when we are root
		t.Fatal(err)
	}
	addr := freePort(t)
	for _, v := range env { // a test whose public address must be known beforehand
		if a, ok := strings.CutPrefix(v, "E2E_ADDR="); ok {
			addr = a
		}
	}
	p := &program{t: t, base: "http://" + addr, dir: dir, env: env, args: append([]string{"demo", "--addr", addr, "--data", dir}, args...)}
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("the program's log:\n%s", tail(p.log.String(), 4000))
		}
		_ = os.RemoveAll(dir)
	})
	p.run(nil)
	p.ready()
	return p
}

// run starts the process; more are variables for this run only.
func (p *program) run(more []string) {
	p.t.Helper()
	p.log = &output{}
	p.cmd = exec.Command(binary, p.args...)
	p.cmd.Env = append(clean(os.Environ()), append(p.env, more...)...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.done = make(chan error, 1)
	go func(c *exec.Cmd, done chan error) { done <- c.Wait() }(p.cmd, p.done)
}

// clean leaves out what would configure the program by accident.
func clean(env []string) (out []string) {
	for _, v := range env {
		name, _, _ := strings.Cut(v, "=")
		if strings.HasPrefix(name, "KABAR_") || strings.HasPrefix(name, "TWILIO_") || strings.HasPrefix(name, "TELEGRAM_") || name == "DATABASE_URL" {
			continue
		}
		out = append(out, v)
	}
	return out
}

func (p *program) ready() {
	p.t.Helper()
	p.wait("the program to be ready", waitLong, func() bool {
		select {
		case err := <-p.done:
			p.done <- err
			p.t.Fatalf("the program ended: %v\n%s", err, p.log)
		default:
		}
		r, err := http.Get(p.base + "/readyz")
		if err != nil {
			return false
		}
		r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
}

// stop ends the process as a person does, and by force if it will not.
func (p *program) stop() {
	if p.cmd == nil || p.cmd.Process == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(time.Minute):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
	p.cmd = nil
}

// kill ends it as a power cut does.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
	p.cmd = nil
}

// wait polls a condition.
func (p *program) wait(what string, limit time.Duration, ok func() bool) {
	p.t.Helper()
	deadline := time.Now().Add(limit)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			_, file, line, _ := runtime.Caller(1)
			p.t.Fatalf("%s:%d: waited %s for %s\n%s", filepath.Base(file), line, limit, what, tail(p.log.String(), 3000))
		}
		<-tick.C
	}
}

// command runs another command of the program on the same data.
func (p *program) command(stdin string, args ...string) (out string, code int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, binary, args...)
	c.Env = append(clean(os.Environ()), append(p.env, "KABAR_DATA="+p.dir, "KABAR_URL="+p.base)...)
	c.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	c.Stderr = &errs
	b, err := c.Output()
	if ctx.Err() != nil {
		p.t.Fatalf("kabar %v did not end", args)
	}
	if err != nil && c.ProcessState == nil {
		p.t.Fatal(err)
	}
	if errs.Len() > 0 {
		p.t.Logf("kabar %v: %s", args, errs.String())
	}
	return string(b), c.ProcessState.ExitCode()
}

// file writes a list beside the data.
func (p *program) file(name, content string) string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// message is one line of a phone.
type message struct {
	Direction, Text, Kind, At, To string
	Segments                      int
}

func (p *program) post(path string, body any, into any) int {
	p.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.Post(p.base+path, "application/json", bytes.NewReader(b))
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			p.t.Fatalf("%s answered %d %q: %v", path, r.StatusCode, raw, err)
		}
	}
	return r.StatusCode
}

// sms writes as a number and returns what the turn caused.
func (p *program) sms(from, text string) []message {
	p.t.Helper()
	var a struct{ Replies []message }
	if code := p.post("/sim/api/sms", map[string]string{"from": from, "text": text}, &a); code != http.StatusOK {
		p.t.Fatalf("sms %q answered %d", text, code)
	}
	return a.Replies
}

// says writes and checks the first answer to whoever wrote.
func (p *program) says(from, text, want string) {
	p.t.Helper()
	for _, r := range p.sms(from, text) {
		if r.To == from {
			if r.Text != want {
				p.t.Errorf("%q:\n got %s\nwant %s", text, r.Text, want)
			}
			return
		}
	}
	p.t.Errorf("%q: no answer, want %s", text, want)
}

// clock moves the programme's clock.
func (p *program) clock(to string) int {
	p.t.Helper()
	var a struct{ Delivered int }
	if code := p.post("/sim/api/clock", map[string]string{"to": to}, &a); code != http.StatusOK {
		p.t.Fatalf("clock to %s answered %d", to, code)
	}
	return a.Delivered
}

// phone is everything on a phone.
func (p *program) phone(number string) (out []message) {
	p.t.Helper()
	r, err := http.Get(p.base + "/sim/api/sms/" + url.PathEscape(number))
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// last is the newest message to a number of a kind.
func (p *program) last(number, kind string) message {
	p.t.Helper()
	all := p.phone(number)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Direction == "out" && all[i].Kind == kind {
			return all[i]
		}
	}
	return message{}
}

func (p *program) count(number, kind string) (n int) {
	for _, m := range p.phone(number) {
		if m.Direction == "out" && m.Kind == kind {
			n++
		}
	}
	return n
}

// dial posts one USSD step.
func (p *program) dial(session, phone, text string) string {
	p.t.Helper()
	r, err := http.PostForm(p.base+"/channels/ussd/demo", url.Values{
		"sessionId": {session}, "phoneNumber": {phone}, "networkCode": {"51010"}, "serviceCode": {"*123*77#"}, "text": {text},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

func tail(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n:]
	}
	return s
}

// get reads JSON.
func (p *program) get(path string, into any) {
	p.t.Helper()
	r, err := http.Get(p.base + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		p.t.Fatal(err)
	}
}
