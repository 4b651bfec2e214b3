package embedded

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who runs the server. PostgreSQL refuses to run as root, so root hands it to an ordinary user.
type account struct {
	uid, gid  int // the owner that the data directory needs
	namespace bool
}

// attributes are those of a child that runs as the account, apart from our process group: Ctrl-C is for us to hear.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	switch {
	case a.namespace:
		ownNamespace(attr)
	case a.uid != os.Geteuid():
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attr
}

// command is a program of p, run by the account in dir.
func (a account) command(ctx context.Context, p programs, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, p.environ(), a.attributes()
	return cmd
}

// try tells whether the account can reach both the programs and the place of the data.
func (a account) try(ctx context.Context, p programs, dir string) error {
	if out, err := a.command(ctx, p, dir, "postgres", "--version").CombinedOutput(); err != nil {
		return fmt.Errorf("%w %s", err, tail(out))
	}
	return nil
}

// settle picks the account and the directory that will hold the data. For root: another user where that user can reach
// dir, else a namespace of our own, else a directory below /var/lib/kabar.
func settle(ctx context.Context, p programs, dir string, log *slog.Logger) (account, string, error) {
	own := account{uid: os.Geteuid(), gid: os.Getegid()}
	if own.uid != 0 {
		return own, dir, own.try(ctx, p, dir)
	}
	other, err := serverUser()
	if err != nil {
		return account{}, "", err
	}
	away := awayDir(dir)
	if _, err := os.Stat(away); err != nil { // data that once had to live there stays there
		err1 := other.try(ctx, p, dir)
		if err1 == nil {
			return other, dir, nil
		}
		own.namespace = ownNamespace(&syscall.SysProcAttr{})
		if own.namespace && own.try(ctx, p, dir) == nil {
			return own, dir, nil
		}
		log.Warn("the account that runs PostgreSQL cannot reach the data directory, so the data goes elsewhere",
			"dir", dir, "instead", away, "reason", err1)
	}
	if err := os.MkdirAll(away, 0o755); err != nil {
		return account{}, "", err
	}
	if err := other.try(ctx, p, away); err != nil {
		return account{}, "", fmt.Errorf("uid %d can run nothing in %s: %w", other.uid, p.bin, err)
	}
	return other, away, nil
}

// awayDir is root's place for data when the server's account cannot reach dir.
func awayDir(dir string) string {
	return filepath.Join("/var/lib/kabar", hash(dir))
}

func hash(s string) string {
	h := fnv.New64a()
	h.Write([]byte(s))
	return strconv.FormatUint(h.Sum64(), 36)
}

// serverUser is the ordinary user that runs the server for root.
func serverUser() (account, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			return account{uid: uid, gid: gid}, nil
		}
	}
	return account{}, errors.New("root may not run PostgreSQL, and there is neither a user postgres nor nobody to run it")
}

// hand gives a directory and all in it to the account, unless it has it already. The directory itself comes last, so
// that a hand-over cut short is done again.
func (a account) hand(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) == a.uid {
			return nil
		}
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		return os.Lchown(path, a.uid, a.gid)
	})
	if err != nil {
		return err
	}
	return os.Lchown(dir, a.uid, a.gid)
}
