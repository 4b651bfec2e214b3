package chat

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"
)

const (
	lineLimit = 64 << 10
	listen    = time.Second // between looks at what has come meanwhile
)

var errQuit = errors.New("quit")

// lines is where a person types.
type lines interface{ ReadLine() (string, error) }

// run sets the phone up, at a terminal with a line that can be edited and a memory of what was typed.
func run(ctx context.Context, o Options) error {
	if o.Channel == "" {
		o.Channel = sms
	}
	p := &phone{client: newClient(o.Server, o.As), paper: paper{out: o.Out, colour: o.Colour}, words: loadWords(), channel: o.Channel}
	var in lines = &piped{bufio.NewReaderSize(o.In, lineLimit)}
	prompt := func() {}
	if f, ok := o.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		state, err := term.MakeRaw(int(f.Fd()))
		if err != nil {
			return fmt.Errorf("chat: %w", err)
		}
		defer term.Restore(int(f.Fd()), state) //nolint:errcheck // the program ends
		t := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{o.In, o.Out}, "")
		if w, h, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			_ = t.SetSize(w, h)
		}
		in, p.out, p.quiet = t, t, true
		prompt = func() { t.SetPrompt(p.say("prompt." + p.channel)) }
	}
	if err := p.start(ctx); err != nil {
		return fmt.Errorf("chat: %w", err)
	}
	prompt()
	return p.loop(ctx, in, prompt)
}

// loop takes what is typed, and at a terminal shows what comes meanwhile.
func (p *phone) loop(ctx context.Context, in lines, prompt func()) error {
	type typed struct {
		line string
		err  error
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	keys := make(chan typed)
	go func() { // it may wait for a key for ever; then it ends with the program
		for {
			line, err := in.ReadLine()
			select {
			case keys <- typed{line, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	var meanwhile <-chan time.Time
	if p.quiet {
		tick := time.NewTicker(listen)
		defer tick.Stop()
		meanwhile = tick.C
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-meanwhile:
			p.look(ctx)
		case t := <-keys:
			if t.line != "" {
				err := p.take(ctx, t.line)
				if errors.Is(err, errQuit) {
					return nil
				}
				if err != nil {
					p.line(red, p.say("failed", err.Error()))
				}
				prompt()
			}
			switch {
			case errors.Is(t.err, io.EOF):
				return nil
			case t.err != nil:
				return fmt.Errorf("chat: %w", t.err)
			}
		}
	}
}

// look shows news if there are any. While the server is away there are none.
func (p *phone) look(ctx context.Context) {
	var state struct{ Mark string }
	if p.get(ctx, "state?mark="+url.QueryEscape(p.mark), &state) != nil || state.Mark == p.mark {
		return
	}
	if p.news(ctx) == nil {
		p.mark = state.Mark
	}
}

// take does what a line says: a command begins with a colon, everything else is written to Kabar.
func (p *phone) take(ctx context.Context, line string) error {
	command, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	if !strings.HasPrefix(command, ":") {
		return p.write(ctx, line)
	}
	switch command {
	case ":quit", ":q":
		return errQuit
	case ":help":
		for line := range strings.SplitSeq(p.say("help"), "\n") {
			p.line("", line)
		}
		return nil
	case ":switch":
		if err := p.choose(rest); err != nil || rest == ussd {
			return err
		}
		return p.past(ctx)
	case ":clock":
		return p.move(ctx, rest)
	case ":history":
		return p.past(ctx)
	case ":share":
		return p.act(ctx, "chat", map[string]any{"from": p.as, "contact": true})
	}
	if n, err := strconv.Atoi(command[1:]); err == nil {
		if n < 1 || n > len(p.buttons) {
			return errors.New(p.say("button", strconv.Itoa(n)))
		}
		b := p.buttons[n-1]
		return p.act(ctx, "chat/press", map[string]any{"from": p.as, "message": b.message, "data": b.data})
	}
	return errors.New(p.say("unknown", command))
}

// number is what presses the n-th button.
func (p *phone) number(n int) string { return ":" + strconv.Itoa(n) }

// piped reads lines from a file or a pipe.
type piped struct{ *bufio.Reader }

// ReadLine reads one line; the last one may lack its line feed.
func (p *piped) ReadLine() (string, error) {
	line, err := p.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", fmt.Errorf("a line is longer than %d bytes", lineLimit)
	}
	return strings.TrimRight(string(line), "\r\n"), err
}
