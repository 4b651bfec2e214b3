package fake

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// Mail is one message that the double took.
type Mail struct {
	From string
	To   []string
	Text string // headers and body, as they came
}

// SMTP is a double of a mail server: it takes commands in their order only, wants every line ended by CR LF and no longer
// than a thousand bytes, and, if it was given a password, no mail before the log-in.
type SMTP struct {
	Addr string

	user, password string
	l              net.Listener
	work           sync.WaitGroup
	mu             sync.Mutex
	got            []Mail
	refuse         int // so many mails are refused with 451
	open           map[net.Conn]bool
}

// NewSMTP starts a double on a free port of the loopback interface. Without a user everybody may send.
func NewSMTP(user, password string) *SMTP {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("fake: no loopback port: %v", err))
	}
	s := &SMTP{Addr: l.Addr().String(), user: user, password: password, l: l, open: map[net.Conn]bool{}}
	s.work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.open[conn] = true
			s.mu.Unlock()
			s.work.Go(func() {
				s.serve(conn)
				s.mu.Lock()
				delete(s.open, conn)
				s.mu.Unlock()
			})
		}
	})
	return s
}

// Close ends it.
func (s *SMTP) Close() {
	_ = s.l.Close()
	s.mu.Lock()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.work.Wait()
}

// Refuse makes the next mails fail for now.
func (s *SMTP) Refuse(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = n
}

// Mails are those that it took, oldest first.
func (s *SMTP) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.got...)
}

func (s *SMTP) serve(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	c := textproto.NewConn(conn)
	say := func(line string) bool { return c.PrintfLine("%s", line) == nil }
	if !say("220 double ESMTP") {
		return
	}
	var m Mail
	hello, in := false, s.user == ""
	for {
		line, ok := wireLine(c.R)
		if !ok {
			say("500 a line ends with CR LF")
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch verb = strings.ToUpper(verb); {
		case verb == "EHLO" && rest != "":
			hello = true
			say("250-double")
			if s.user != "" {
				say("250-AUTH PLAIN")
			}
			say("250 8BITMIME")
		case verb == "QUIT":
			say("221 bye")
			return
		case verb == "NOOP", verb == "RSET":
			m = Mail{}
			say("250 ok")
		case !hello:
			say("503 say EHLO first")
		case verb == "AUTH":
			want := base64.StdEncoding.EncodeToString([]byte("\x00" + s.user + "\x00" + s.password))
			if in = s.user != "" && rest == "PLAIN "+want; in {
				say("235 welcome")
			} else {
				say("535 wrong user or password")
			}
		case !in:
			say("530 log in first")
		case verb == "MAIL" && m.From == "":
			if m.From = address(rest, "FROM:"); m.From == "" {
				say("501 no address")
				continue
			}
			say("250 ok")
		case verb == "RCPT" && m.From != "":
			to := address(rest, "TO:")
			if to == "" {
				say("501 no address")
				continue
			}
			m.To = append(m.To, to)
			say("250 ok")
		case verb == "DATA" && len(m.To) > 0:
			say("354 go on")
			text, ok := wireText(c.R)
			if !ok {
				say("554 no clean mail")
				return
			}
			m.Text = text
			say(s.take(m))
			m = Mail{}
		default:
			say("503 not now")
		}
	}
}

func (s *SMTP) take(m Mail) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse > 0 {
		s.refuse--
		return "451 try again later"
	}
	for _, h := range []string{"From: ", "To: ", "Subject: ", "Date: ", "Message-ID: "} {
		if !strings.Contains("\n"+m.Text, "\n"+h) {
			return "554 no " + h
		}
	}
	s.got = append(s.got, m)
	return "250 taken"
}

func wireLine(r *bufio.Reader) (string, bool) {
	line, err := r.ReadString('\n')
	if err != nil || !strings.HasSuffix(line, "\r\n") || len(line) > 1000 {
		return "", false
	}
	return strings.TrimSuffix(line, "\r\n"), true
}

func wireText(r *bufio.Reader) (string, bool) {
	var b strings.Builder
	for {
		line, ok := wireLine(r)
		switch {
		case !ok || b.Len() > 1<<20:
			return "", false
		case line == ".":
			return b.String(), true
		}
		b.WriteString(strings.TrimPrefix(line, ".") + "\n")
	}
}

func address(rest, word string) string {
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return ""
	}
	a, _, _ := strings.Cut(strings.TrimSpace(rest[len(word):]), " ")
	a, ok := strings.CutPrefix(a, "<")
	a, ok2 := strings.CutSuffix(a, ">")
	if !ok || !ok2 || !strings.Contains(a, "@") {
		return ""
	}
	return a
}
