package sim

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime/debug"
	"strings"
)

// bodyLimit bounds one call: forty times the longest message that any provider hands over.
const bodyLimit = 64 << 10

// problem is a refusal that the caller can do something about. Code is for programs, the error for people who write them.
type problem struct {
	status int
	code   string
	err    error
}

func (p *problem) Error() string { return p.err.Error() }

func bad(err error) error { return &problem{http.StatusBadRequest, "bad_input", err} }

// read decodes one JSON object and nothing else. Fields that it does not know are passed over.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &problem{http.StatusRequestEntityTooLarge, "too_large", errors.New("the body is larger than 64 KB")}
	case err != nil:
		return bad(errors.New("the body could not be read"))
	}
	if trimmed := strings.TrimSpace(string(body)); !strings.HasPrefix(trimmed, "{") {
		return bad(errors.New("the body must be one JSON object"))
	}
	if err := json.Unmarshal(body, into); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return bad(errors.New("field " + kind.Field + " must be a JSON " + kind.Type.String()))
		}
		return bad(errors.New("the body is not JSON"))
	}
	return nil
}

func answer(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil { // of our own types: never
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n'))
}

type refusal struct {
	Error string `json:"error"`
	Code  string `json:"code"`
}

// fail answers an error. What is not a problem of the caller's is logged and not told.
func (s *Sim) fail(w http.ResponseWriter, err error) {
	var p *problem
	if errors.As(err, &p) {
		answer(w, p.status, refusal{p.Error(), p.code})
		return
	}
	s.Log.Error("simulator", "err", err)
	w.Header().Set("Retry-After", "1")
	answer(w, http.StatusServiceUnavailable, refusal{"this did not work; try again", "unavailable"})
}

// guard puts around every route what all answers need. Only pages of this server may post: a demo listens on the machine
// on which people browse.
func (s *Sim) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusForbidden, refusal{"another site may not use the simulator", "cross_origin"})
	}))
	next = origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "+
			"form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("simulator panicked", "stack", string(debug.Stack())) // its value may hold what was typed
				answer(w, http.StatusServiceUnavailable, refusal{"this did not work; try again", "unavailable"})
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// spoken answers what no route takes in the form of every other refusal: what does not exist, and the wrong method.
func spoken(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		said := verdict{header: http.Header{}}
		h.ServeHTTP(&said, r)
		if said.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", said.header.Get("Allow"))
			answer(w, said.status, refusal{"this address takes " + said.header.Get("Allow"), "wrong_method"})
			return
		}
		answer(w, http.StatusNotFound, refusal{"there is nothing at this address", "not_found"})
	})
}

// verdict keeps what a handler decides and drops what it writes.
type verdict struct {
	header http.Header
	status int
}

func (v *verdict) Header() http.Header         { return v.header }
func (v *verdict) WriteHeader(status int)      { v.status = status }
func (v *verdict) Write(b []byte) (int, error) { return len(b), nil }
