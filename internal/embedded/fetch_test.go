package embedded

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var quiet = slog.New(slog.DiscardHandler)

func TestMissingPackages(t *testing.T) {
	plan := `NOTE: This is only a simulation!
Inst libjson-perl (4.10000-1 Debian:12.11/oldstable [all])
Inst postgresql-client-common (248 Debian:12.11/oldstable [all])
Inst libpq5 (15.18-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
Inst libc6 [2.36-9+deb12u10] (2.36-9+deb12u13 Debian:12.11/oldstable [amd64])
Inst libllvm14 (1:14.0.6-12 Debian:12.11/oldstable [amd64])
Inst libicu72 (72.1-3+deb12u1 Debian:12.11/oldstable [amd64])
Inst postgresql-15 (15.18-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
Inst postgresql (15+248 Debian:12.11/oldstable [all])
Conf libpq5 (15.18-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
`
	if got, want := missing([]byte(plan)), []string{"libpq5", "libicu72", "postgresql-15"}; !slices.Equal(got, want) {
		t.Errorf("unpacks %v, want %v", got, want)
	}
}

// archive is a small gzipped tar of the given files.
func archive(t *testing.T, files map[string]string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, body := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(body)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestUnpackPackage(t *testing.T) {
	root := t.TempDir()
	links := `[{"source":"native/lib/libicuuc.so.60.2","target":"native/lib/libicuuc.so.60"}]`
	err := untar(archive(t, map[string]string{
		"package/package.json":                "{}",
		"package/native/pg-symlinks.json":     links,
		"package/native/lib/libicuuc.so.60.2": "icu",
	}), "package/native/", root)
	if err == nil {
		err = linkLibraries(root)
	}
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(root, "lib/libicuuc.so.60")); err != nil || string(b) != "icu" {
		t.Errorf("through the link: %q, %v", b, err)
	}
	if _, err := os.Stat(filepath.Join(root, "package.json")); err == nil {
		t.Error("unpacked what is not below the prefix")
	}
}

func TestUnpackStaysInside(t *testing.T) {
	for _, name := range []string{"package/native/../../../evil", "package/native//evil/../../evil"} {
		root := filepath.Join(t.TempDir(), "root")
		if err := os.Mkdir(root, 0o755); err != nil {
			t.Fatal(err)
		}
		err := untar(archive(t, map[string]string{name: "x"}), "package/native/", root)
		if outside, _ := filepath.Glob(filepath.Join(filepath.Dir(root), "evil")); err == nil || len(outside) > 0 {
			t.Errorf("%s: error %v, outside %v", name, err, outside)
		}
	}
}

func TestNoWayToFetchSaysWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	cache := t.TempDir()
	_, err := fetchPrograms(t.Context(), cache, quiet)
	if err == nil || !errors.Is(err, errAbsent) {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{"apt-get install postgresql", "brew install", "KABAR_PG_BIN", "DATABASE_URL"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the message does not name %s:\n%v", want, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(cache, "*")); len(left) != 1 { // the lock
		t.Errorf("left behind: %v", left)
	}
}

func TestNamedProgramsMustWork(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("KABAR_PG_BIN", bin)
	if _, err := findPrograms(t.Context(), t.TempDir(), false, quiet); err == nil || !strings.Contains(err.Error(), "KABAR_PG_BIN") {
		t.Errorf("empty directory: %v", err)
	}
	for name, body := range map[string]string{"initdb": "", "postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(body), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := findPrograms(t.Context(), t.TempDir(), false, quiet); err == nil || !strings.Contains(err.Error(), "PostgreSQL 14, but 15 to 18") {
		t.Errorf("an old version: %v", err)
	}
}

func TestChoosePrograms(t *testing.T) {
	v := func(major int, bin string) programs { return programs{bin: bin, major: major} }
	for name, c := range map[string]struct {
		installed, cached []programs
		data              string
		want              string
	}{
		"the highest installed":             {[]programs{v(15, "a"), v(17, "b")}, []programs{v(18, "c")}, "", "b"},
		"the cache if nothing is installed": {nil, []programs{v(18, "c")}, "", "c"},
		"what the data needs":               {[]programs{v(15, "a"), v(17, "b")}, nil, "pg15", "a"},
		"what the data needs, from cache":   {[]programs{v(15, "a")}, []programs{v(18, "c")}, "pg18", "c"},
		"installed, if nothing fits data":   {[]programs{v(15, "a")}, []programs{v(18, "c")}, "pg16", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if c.data != "" {
				if err := os.Mkdir(filepath.Join(dir, c.data), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			got, ok := choose(slices.Concat(c.installed, c.cached), len(c.installed), dir, quiet)
			if !ok || got.bin != c.want {
				t.Errorf("chose %q (%t), want %q", got.bin, ok, c.want)
			}
		})
	}
}
