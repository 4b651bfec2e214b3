package embedded

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent makes the server stop when the thread that launched it ends, whatever ended it.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGINT }

// ownNamespace lets root run the server as an ordinary user that still owns root's files, so that data under /root works
// without another account. Containers often forbid it.
func ownNamespace(a *syscall.SysProcAttr) bool {
	a.Cloneflags = syscall.CLONE_NEWUSER
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: 0, Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: 0, Size: 1}}
	return true
}

// stat is the state letter and the parent of a process.
func stat(pid int) (state string, parent int) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the name before it may hold spaces
	f := strings.Fields(rest)
	if len(f) < 2 {
		return "", 0
	}
	parent, _ = strconv.Atoi(f[1])
	return f[0], parent
}

func parentOf(pid int) int { _, p := stat(pid); return p }

// servesData relies on the server's working directory being its data directory.
func servesData(pid int, data string) bool {
	state, _ := stat(pid)
	return state != "" && state != "Z" && state != "X" && sameFile(fmt.Sprintf("/proc/%d/cwd", pid), data)
}
