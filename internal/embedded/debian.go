package embedded

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
)

const debianName = "pg-debian"

// simulated is a line of `apt-get --simulate install`: a package that is missing here.
var simulated = regexp.MustCompile(`^Inst (\S+) `)

// wanted are the server and the libraries; unwanted what it depends on in name only: the compiler behind JIT (we switch
// that off), Perl, and the C library, which must stay the machine's own.
var (
	wanted   = regexp.MustCompile(`^(postgresql-\d+|lib.+)$`)
	unwanted = regexp.MustCompile(`^lib(llvm|z3|perl|json-perl|ipc|c6|c-|common-sense|types-serialiser)|-perl$`)
)

// fetchDebian unpacks the distribution's own packages into root. It works without root's rights, starts no service and
// leaves the system as it is; signatures are checked by apt as always.
func fetchDebian(ctx context.Context, root string) error {
	dir := filepath.Dir(root)
	for _, d := range []string{"state/lists/partial", "cache/archives/partial", "debs"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	debs := filepath.Join(dir, "debs")
	apt := func(args ...string) ([]byte, error) {
		private := []string{
			"-q", "-o", "Debug::NoLocking=1", "-o", "Dir::State=" + filepath.Join(dir, "state"),
			"-o", "Dir::State::status=/var/lib/dpkg/status", "-o", "Dir::Cache=" + filepath.Join(dir, "cache"),
		}
		if os.Geteuid() == 0 { // apt would step down to an account that cannot write here
			private = append(private, "-o", "APT::Sandbox::User=root")
		}
		return run(ctx, debs, "apt-get", append(private, args...)...)
	}
	if _, err := apt("update"); err != nil {
		return err
	}
	plan, err := apt("--simulate", "--no-install-recommends", "install", "postgresql")
	if err != nil {
		return err
	}
	names := missing(plan)
	if len(names) == 0 {
		return errors.New("apt names no package to fetch")
	}
	if _, err := apt(append([]string{"download"}, names...)...); err != nil {
		return err
	}
	found, _ := filepath.Glob(filepath.Join(debs, "*.deb"))
	for _, deb := range found {
		if _, err := run(ctx, debs, "dpkg-deb", "--extract", deb, root); err != nil {
			return err
		}
	}
	return nil
}

// missing picks the packages to unpack from apt's plan.
func missing(plan []byte) []string {
	var names []string
	for lines := bufio.NewScanner(bytes.NewReader(plan)); lines.Scan(); {
		m := simulated.FindStringSubmatch(lines.Text())
		if m != nil && wanted.MatchString(m[1]) && !unwanted.MatchString(m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}
