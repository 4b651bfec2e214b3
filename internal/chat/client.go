package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client asks the simulator's interface for one phone.
type client struct {
	server, as string
	http       *http.Client
}

// refused is what the server says against a call; its words are for people.
type refused struct {
	status int
	says   string
}

func (e *refused) Error() string { return e.says }

// answerLimit bounds an answer: a phone with years of messages is below.
const answerLimit = 16 << 20

func newClient(server, as string) *client {
	// Moving the clock by months takes a while.
	return &client{strings.TrimRight(server, "/"), as, &http.Client{Timeout: 30 * time.Minute}}
}

func (c *client) get(ctx context.Context, path string, into any) error {
	return c.call(ctx, http.MethodGet, path, nil, into)
}

func (c *client) post(ctx context.Context, path string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.call(ctx, http.MethodPost, path, b, into)
}

func (c *client) call(ctx context.Context, method, path string, body []byte, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.server+"/sim/api/"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	status, answer, err := c.do(r)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		var said struct{ Error string }
		if json.Unmarshal(answer, &said) != nil || said.Error == "" {
			said.Error = fmt.Sprintf("%s answered %d; is it a demo of Kabar?", c.server, status)
		}
		return &refused{status, said.Error}
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s does not answer as a demo of Kabar does: %w", c.server, err)
	}
	return nil
}

func (c *client) do(r *http.Request) (status int, answer []byte, err error) {
	resp, err := c.http.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // without the address, which may hold a number
			err = u.Err
		}
		return 0, nil, fmt.Errorf("%s does not answer (make run starts it, KABAR_URL names another): %w", c.server, err)
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	return resp.StatusCode, answer, err
}

type setup struct {
	USSDPath string `json:"ussd_path"`
	USSDCode string `json:"ussd_code"`
	Chat     bool
}

type owner struct{ Name, Role, Number string }

type message struct {
	ID        string
	Direction string
	Kind      string
	Text      string
	At        time.Time
	Segments  int
	Buttons   [][]struct{ Label, Data, URL string }
	Keys      [][]string
	AskPhone  string `json:"ask_phone"`
	Edited    bool
}

type answered struct {
	Replies []struct{ To, Text, Via string }
	Toast   string
}

type moved struct {
	Now       time.Time
	Delivered int
}

func (c *client) messages(ctx context.Context, road string) (m []message, err error) {
	return m, c.get(ctx, road+"/"+url.PathEscape(c.as), &m)
}

// dial posts one step of a USSD session, as a gateway does.
func (c *client) dial(ctx context.Context, s setup, session string, inputs []string) (screen string, end bool, err error) {
	form := url.Values{"sessionId": {session}, "phoneNumber": {c.as}, "networkCode": {"51010"}, "serviceCode": {s.USSDCode}, "text": {strings.Join(inputs, "*")}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server+s.USSDPath, strings.NewReader(form.Encode()))
	if err != nil {
		return "", false, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, answer, err := c.do(r)
	if err != nil {
		return "", false, err
	}
	kind, screen, ok := strings.Cut(string(answer), " ")
	if status != http.StatusOK || !ok || kind != "CON" && kind != "END" {
		return "", false, &refused{status, fmt.Sprintf("the USSD route answered %d", status)}
	}
	return screen, kind == "END", nil
}
