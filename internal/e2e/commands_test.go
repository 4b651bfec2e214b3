package e2e

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever starts a second demo on the same data hears where the first one is; the first is not disturbed, and says goodbye.
func TestASecondDemoOnTheSameDataIsToldWhereTheFirstIs(t *testing.T) {
	p := start(t, nil, "--empty", "--clock", "2026-06-08T09:00:00+07:00")
	at := strings.TrimPrefix(p.base, "http://")
	second := exec.Command(binary, "demo", "--addr", freePort(t), "--data", p.dir)
	second.Env = clean(os.Environ())
	out, err := second.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "runs already, at "+p.base) {
		t.Errorf("the second demo: %v\n%s", err, out)
	}
	taken := exec.Command(binary, "demo", "--addr", at, "--data", t.TempDir())
	taken.Env = clean(os.Environ())
	if out, err := taken.CombinedOutput(); err == nil || !strings.Contains(string(out), at+" is taken") {
		t.Errorf("a demo on the same port: %v\n%s", err, out)
	}
	p.says("+6281234567417", "MENU", p.sms("+6281234567417", "MENU")[0].Text) // still there
	if noted, err := os.ReadFile(filepath.Join(p.dir, "address")); err != nil || string(noted) != at {
		t.Errorf("noted %q, %v", noted, err)
	}
	if out, code := p.command("", "check"); code != 0 || !strings.Contains(out, "no faults") {
		t.Errorf("check beside a demo: %d\n%s", code, out)
	}
	if out, code := p.command("", "migrate"); code != 0 || !strings.Contains(out, "schema version") {
		t.Errorf("migrate beside a demo: %d\n%s", code, out)
	}
	p.stop()
	if noted, err := os.ReadFile(filepath.Join(p.dir, "address")); err != nil || len(noted) > 0 {
		t.Errorf("after the stop: %q, %v", noted, err)
	}
}

// A command that was not understood saves nothing, exits 1, and leaves standard output to answers.
func TestUsageIsNoAnswer(t *testing.T) {
	for _, args := range [][]string{{}, {"parse", "colour"}, {"import", "cats", "x.csv", "--json"}, {"export", "people", "--csv", "--xlsx"}, {"due", "--days=-1"}} {
		c := exec.Command(binary, args...)
		c.Env = append(clean(os.Environ()), "KABAR_DATA="+t.TempDir())
		var out, errs bytes.Buffer
		c.Stdout, c.Stderr = &out, &errs
		_ = c.Run()
		if c.ProcessState.ExitCode() != 1 || out.Len() > 0 || errs.Len() == 0 {
			t.Errorf("kabar %v: exit %d, stdout %q, stderr %q", args, c.ProcessState.ExitCode(), out.String(), errs.String())
		}
	}
}

// Routes that are for machines answer machines: no page, and the right code for a wrong method.
func TestMachinesGetNoPages(t *testing.T) {
	p := start(t, nil, "--empty")
	for _, c := range []struct {
		method, path string
		code         int
	}{
		{"POST", "/healthz", 405}, {"POST", "/readyz", 405}, {"DELETE", "/metrics", 405}, {"HEAD", "/healthz", 200},
		{"POST", "/channels/gateway/nobody", 404}, {"POST", "/channels/twilio/messages", 404}, {"GET", "/channels/", 404},
	} {
		r, err := http.NewRequest(c.method, p.base+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(a.Body)
		a.Body.Close()
		if a.StatusCode != c.code || strings.Contains(string(body), "<html") {
			t.Errorf("%s %s: %d %.60q", c.method, c.path, a.StatusCode, body)
		}
	}
}
