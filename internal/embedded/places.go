package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// dataDirs are the clusters of this dir, the highest version first.
func dataDirs(dir string) []string {
	dirs, _ := filepath.Glob(filepath.Join(dir, "pg[0-9][0-9]"))
	if os.Geteuid() == 0 {
		away, _ := filepath.Glob(filepath.Join(awayDir(dir), "pg[0-9][0-9]"))
		dirs = append(dirs, away...)
	}
	slices.SortFunc(dirs, func(a, b string) int { return strings.Compare(filepath.Base(b), filepath.Base(a)) })
	return dirs
}

// dataMajors are the versions that have data, the highest first.
func dataMajors(dir string) []int {
	var majors []int
	for _, d := range dataDirs(dir) {
		major, _ := strconv.Atoi(strings.TrimPrefix(filepath.Base(d), "pg"))
		majors = append(majors, major)
	}
	return majors
}

// socketDir is private and short: the kernel takes 107 bytes for the whole name of a socket, and pgx splits at commas.
func socketDir(data string, who account) (string, error) {
	if len(data) <= 85 && !strings.ContainsAny(data, ",") {
		return data, nil
	}
	for _, tmp := range []string{os.TempDir(), "/tmp"} {
		dir := filepath.Join(tmp, "kabar-"+strconv.Itoa(who.uid)+"-"+hash(data))
		if len(dir) > 85 {
			continue
		}
		if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return "", err
		}
		info, err := os.Lstat(dir)
		if err != nil {
			return "", err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || info.Mode().Perm() != 0o700 || !ok || int(st.Uid) != who.uid && int(st.Uid) != os.Geteuid() {
			return "", fmt.Errorf("%s is not ours", dir)
		}
		return dir, who.hand(dir)
	}
	return "", fmt.Errorf("no directory with a short name for the socket of %s", data)
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func logFile(data string) string { return data + ".log" }

// openLog appends, and starts anew past 10 MB; start is where this run's words begin.
func openLog(data string) (f *os.File, start int64, err error) {
	flags := os.O_RDWR | os.O_CREATE | os.O_APPEND
	if info, err := os.Stat(logFile(data)); err == nil {
		start = info.Size()
	}
	if start > 10<<20 {
		flags, start = flags|os.O_TRUNC, 0
	}
	f, err = os.OpenFile(logFile(data), flags, 0o600)
	return f, start, err
}
