// Command kabar is the line between the people of ProKUS and those who can help them. This package is its commands and
// the wiring by hand; it holds no logic and is the only place that reads the process's clock.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // WIB, WITA and WIT on machines without zone files

	"github.com/alecthomas/kong"
)

// cli are the commands; the changelog lists what each promises.
type cli struct {
	Demo    demoCmd    `cmd:"" help:"Everything in one process: database, invented programme, console, simulator."`
	Serve   serveCmd   `cmd:"" help:"Production: everything from the environment, any number of replicas."`
	Migrate migrateCmd `cmd:"" help:"Bring the database's schema up."`
	Check   checkCmd   `cmd:"" help:"Check flows, texts, configuration and database: every fault at once."`
	Import  importCmd  `cmd:"" help:"Import a list of people, staff, grants or sessions."`
	Export  exportCmd  `cmd:"" help:"Export a list as CSV or XLSX."`
	Chat    chatCmd    `cmd:"" help:"A phone in the terminal, against a running demo."`
	Parse   parseCmd   `cmd:"" help:"Read lines as amounts, intents or phone numbers."`
	Login   loginCmd   `cmd:"" help:"Print a one-time link with which a member of staff opens the console."`
	Due     dueCmd     `cmd:"" help:"What would go out, to whom, when and why; sends nothing."`
}

// outside is what the commands have of the process.
type outside struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	err    io.Writer
	getenv func(string) string
	now    func() time.Time
	log    *slog.Logger
}

// exit is a command's own exit code; its message, if any, has been printed.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o := &outside{
		ctx: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now,
		log: logger(os.Stderr, level(os.Getenv("KABAR_LOG"))),
	}
	var c cli
	parser := kong.Must(&c, kong.Name("kabar"), kong.UsageOnError(),
		kong.Description("The line between the people of ProKUS and those who can help them: SMS, USSD, Telegram, WhatsApp."))
	k, err := parser.Parse(os.Args[1:])
	if err != nil { // the usage is no answer: whoever reads our output must not take it for one
		parser.Stdout = o.err
		parser.Exit = func(int) { os.Exit(1) }
		parser.FatalIfErrorf(err)
	}
	err = k.Run(o)
	var code exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintln(o.err, "kabar:", err)
	return 1
}

func logger(w io.Writer, least slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: least}))
}

func level(name string) slog.Level {
	l := slog.LevelWarn
	_ = l.UnmarshalText([]byte(name)) // an unknown or empty name keeps the default
	return l
}
