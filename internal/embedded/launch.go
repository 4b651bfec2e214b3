package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// launch starts a server of our own and returns when it answers.
func launch(ctx context.Context, o Options, lock lockFile) (*Server, error) {
	p, err := findPrograms(ctx, o.Dir, o.Durable, o.Log)
	if err != nil {
		return nil, err
	}
	who, home, err := settle(ctx, p, o.Dir, o.Log)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(home, "pg"+strconv.Itoa(p.major))
	if err := initialise(ctx, p, who, data, o.Durable); err != nil {
		return nil, err
	}
	socket, err := socketDir(data, who)
	if err != nil {
		return nil, err
	}
	if err := dropStalePidfile(data); err != nil {
		return nil, err
	}
	if err := lock.setLauncher(os.Getpid()); err != nil {
		return nil, err
	}
	// After a killed server its last children may hold the shared memory for a moment: "still in use".
	for deadline := time.Now().Add(10 * time.Second); ; {
		s, err := launchOnce(ctx, o, p, who, data, socket)
		if err == nil || !strings.Contains(err.Error(), "still in use") || time.Now().After(deadline) {
			return s, err
		}
	}
}

// initialise makes the cluster if there is none. A half-made one never carries the final name.
func initialise(ctx context.Context, p programs, who account, data string, durable bool) error {
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		return who.hand(data)
	}
	part := data + ".new"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	if err := os.Mkdir(part, 0o700); err != nil {
		return err
	}
	if err := who.hand(part); err != nil {
		return err
	}
	// ICU's root collation: LOCALE C would not know that É and é are one letter, and names are searched.
	args := []string{"-D", part, "-U", owner, "-E", "UTF8", "--locale-provider=icu", "--icu-locale=und", "--locale=C", "-A", "trust"}
	if !durable {
		args = append(args, "--no-sync")
	}
	cmd := who.command(ctx, p, filepath.Dir(data), "initdb", args...)
	var said limited
	cmd.Stdout, cmd.Stderr = &said, &said
	dieWithParent(cmd.SysProcAttr)
	c, err := begin(cmd)
	if err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	if <-c.gone; c.err != nil {
		return fmt.Errorf("initdb: %w: %s", c.err, tail(said))
	}
	return os.Rename(part, data)
}

// launchOnce starts the server and waits until it takes connections or ends.
func launchOnce(ctx context.Context, o Options, p programs, who account, data, socket string) (*Server, error) {
	port := 5432 // on a private socket the number collides with nobody
	listen := ""
	if o.TCP {
		free, err := freePort()
		if err != nil {
			return nil, err
		}
		port, listen = free, "127.0.0.1"
		o.Log.Info("PostgreSQL listens", "address", "127.0.0.1:"+strconv.Itoa(port), "user", owner)
	}
	settings := []string{
		"listen_addresses=" + listen, "port=" + strconv.Itoa(port), "unix_socket_directories=" + quoted(socket),
		"max_connections=200", "timezone=UTC", "log_timezone=UTC", "jit=off", "logging_collector=off", "log_destination=stderr",
		// Statements and details of errors hold people's numbers and words; the log keeps what the server says of itself.
		"log_min_messages=log", "log_min_error_statement=panic", "log_error_verbosity=terse", "log_checkpoints=off", "log_statement=none",
	}
	if !o.Durable {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", data}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	log, start, err := openLog(data)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := who.command(context.WithoutCancel(ctx), p, data, "postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	dieWithParent(cmd.SysProcAttr)
	c, err := begin(cmd)
	if err != nil {
		return nil, err
	}
	s := &Server{socket: socket, port: port, pid: cmd.Process.Pid, data: data, child: c}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute) // recovery after a crash may take its time
	defer cancel()
	err = Wait(ctx, func() (bool, error) {
		select {
		case <-c.gone:
			said, _ := io.ReadAll(io.NewSectionReader(log, start, 64<<10))
			return false, fmt.Errorf("postgres ended at once: %v: %s", c.err, tail(said))
		default:
		}
		if f, err := readPidfile(data); err != nil || !f.ready {
			return false, nil
		}
		return s.serves(ctx)
	})
	if err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return s, nil
}

// dropStalePidfile removes a pid file whose number now belongs to a zombie or a stranger. (PostgreSQL itself removes one
// whose number belongs to nobody, but takes any living process for a rival; after a restart of a container that is common.)
func dropStalePidfile(data string) error {
	p, err := readPidfile(data)
	if err != nil || isServer(p.pid, data) {
		return nil
	}
	return os.Remove(filepath.Join(data, "postmaster.pid"))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
