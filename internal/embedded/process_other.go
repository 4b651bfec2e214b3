//go:build !linux

package embedded

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent has no twin here: a server that outlives its launcher is stopped by the next Start.
func dieWithParent(*syscall.SysProcAttr) {}

func ownNamespace(*syscall.SysProcAttr) bool { return false }

// ps is one column of the process table, empty when the process is gone.
func ps(pid int, column string) string {
	out, err := exec.Command("ps", "-o", column+"=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

func parentOf(pid int) int { p, _ := strconv.Atoi(ps(pid, "ppid")); return p }

// servesData goes by the command line, which names the data directory.
func servesData(pid int, data string) bool {
	state, command := ps(pid, "stat"), ps(pid, "command")
	return state != "" && !strings.HasPrefix(state, "Z") && strings.Contains(command, "postgres") && strings.Contains(command, data)
}
