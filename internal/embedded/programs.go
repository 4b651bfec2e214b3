package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest and newest are the major versions that the SQL of this project is written for.
const (
	oldest = 15
	newest = 18
)

// programs is a directory with a postgres and an initdb that run here.
type programs struct {
	bin   string
	libs  string // search path for shared libraries that came along; empty for installed programs
	major int
}

// environ holds no PG* variables of the caller: they would change what initdb and postgres do.
func (p programs) environ() []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	if p.libs != "" {
		env = append(env, "LD_LIBRARY_PATH="+p.libs)
	}
	return env
}

// findPrograms looks in the order: KABAR_PG_BIN, installed programs, our cache, the package of the npm client, Debian
// packages unpacked into the cache. Data that is already there decides for its own major version; else the highest wins.
// What must be fetched for lasting data stays beside it, so that a demo leaves nothing elsewhere; tests share the user's cache.
func findPrograms(ctx context.Context, dir string, durable bool, log *slog.Logger) (programs, error) {
	if bin := os.Getenv("KABAR_PG_BIN"); bin != "" {
		p, err := inspect(ctx, bin, "")
		if err != nil {
			return programs{}, fmt.Errorf("KABAR_PG_BIN: %w", err)
		}
		return p, nil
	}
	var all []programs
	for _, bin := range installed() {
		if p, err := inspect(ctx, bin, ""); err == nil {
			all = append(all, p)
		}
	}
	n := len(all)
	places := cachePlaces(dir)
	for _, c := range places {
		all = append(all, cached(ctx, c)...)
	}
	if p, ok := choose(all, n, dir, log); ok {
		return p, nil
	}
	if durable && os.Geteuid() != 0 {
		slices.Reverse(places)
	}
	cache, err := cacheDir(places)
	if err != nil {
		return programs{}, err
	}
	return fetchPrograms(ctx, cache, log)
}

// choose prefers programs whose major version already has data in dir, then installed ones (the first n) over the cache.
func choose(all []programs, n int, dir string, log *slog.Logger) (programs, bool) {
	if len(all) == 0 {
		return programs{}, false
	}
	majors := dataMajors(dir)
	for _, major := range majors {
		if i := slices.IndexFunc(all, func(p programs) bool { return p.major == major }); i >= 0 {
			return all[i], true
		}
	}
	if n == 0 {
		n = len(all)
	}
	best := slices.MaxFunc(all[:n], func(a, b programs) int { return a.major - b.major })
	if len(majors) > 0 {
		log.Warn("no programs for the data that is here; starting with new data beside it", "data_major", majors[0], "major", best.major)
	}
	return best, true
}

// installed lists where systems put PostgreSQL.
func installed() []string {
	var bins []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", "/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, _ := filepath.Glob(pattern)
		bins = append(bins, found...)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			bins = append(bins, filepath.Dir(path))
		}
	}
	return bins
}

// cached lists what an earlier run has fetched.
func cached(ctx context.Context, cache string) []programs {
	var all []programs
	for _, root := range []string{filepath.Join(cache, npmName()), filepath.Join(cache, debianName)} {
		if p, err := unpacked(ctx, root); err == nil {
			all = append(all, p)
		}
	}
	return all
}

// unpacked inspects a directory made by fetchNpm or fetchDebian.
func unpacked(ctx context.Context, root string) (programs, error) {
	bins, _ := filepath.Glob(filepath.Join(root, "usr/lib/postgresql/*/bin"))
	libs, _ := filepath.Glob(filepath.Join(root, "usr/lib/*-linux-gnu*"))
	if more, _ := filepath.Glob(filepath.Join(root, "lib/*-linux-gnu*")); len(more) > 0 {
		libs = append(libs, more...)
	}
	if len(bins) == 0 {
		bins, libs = []string{filepath.Join(root, "bin")}, nil
	}
	return inspect(ctx, bins[len(bins)-1], strings.Join(libs, ":"))
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect runs `postgres --version`, which also proves that its libraries load.
func inspect(ctx context.Context, bin, libs string) (programs, error) {
	p := programs{bin: bin, libs: libs}
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return programs{}, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version")
	cmd.Env = p.environ()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return programs{}, fmt.Errorf("%s: %w: %s", cmd.Path, err, tail(out))
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return programs{}, fmt.Errorf("%s: says %q, which is no version", cmd.Path, tail(out))
	}
	p.major, _ = strconv.Atoi(string(m[1]))
	if p.major < oldest || p.major > newest {
		return programs{}, fmt.Errorf("%s: PostgreSQL %d, but %d to %d are supported", cmd.Path, p.major, oldest, newest)
	}
	return p, nil
}

// cachePlaces are where fetched programs may be: for root a place that the account of the server can read too, for others
// the user's cache; and always beside the data.
func cachePlaces(dir string) []string {
	beside := filepath.Join(dir, "cache")
	if os.Geteuid() == 0 {
		return []string{"/var/cache/kabar", beside}
	}
	if user, err := os.UserCacheDir(); err == nil {
		return []string{filepath.Join(user, "kabar"), beside}
	}
	return []string{beside}
}

// cacheDir is the first place that can be written.
func cacheDir(places []string) (string, error) {
	var errs []error
	for _, c := range places {
		err := os.MkdirAll(c, 0o755)
		if err == nil {
			var probe *os.File
			if probe, err = os.CreateTemp(c, ".probe"); err == nil {
				probe.Close()
				return c, os.Remove(probe.Name())
			}
		}
		errs = append(errs, err)
	}
	return "", fmt.Errorf("no directory for the cache: %w", errors.Join(errs...))
}

// tail is the end of a program's output, short enough for an error.
func tail(out []byte) string {
	s := strings.TrimSpace(string(out))
	if len(s) > 600 {
		s = "…" + s[len(s)-600:]
	}
	return s
}
