package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// stopWait bounds each way of stopping before the next, harder one.
const stopWait = 15 * time.Second

// child is the server as a direct child of this process.
type child struct {
	process *os.Process
	gone    chan struct{} // closed when it has been waited for
	err     error         // how it ended; read after gone
}

// begin holds one thread until the child ends: the kernel's "parent is gone" is said when the thread that forked ends.
func begin(cmd *exec.Cmd) (*child, error) {
	c := &child{gone: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			c.err = cmd.Wait()
			close(c.gone)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	c.process = cmd.Process
	return c, nil
}

// stop asks in order: end the sessions and finish; end at once; be gone.
func (c *child) stop() error {
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		if err := c.process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stopping postgres: %w", err)
		}
		select {
		case <-c.gone:
			return nil
		case <-time.After(stopWait):
		}
	}
	return errors.New("postgres does not stop")
}
