package sim

import (
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"path"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

//go:embed static
var files embed.FS

const (
	logLines    = 60
	peopleLimit = 60
)

func (s *Sim) page(w http.ResponseWriter, r *http.Request) { s.file(w, r, "sim.html") }

func (s *Sim) static(w http.ResponseWriter, r *http.Request) { s.file(w, r, r.PathValue("file")) }

func (s *Sim) file(w http.ResponseWriter, r *http.Request, name string) {
	if _, err := fs.Stat(files, path.Join("static", name)); err != nil {
		s.fail(w, &problem{http.StatusNotFound, "not_found", errors.New("there is no such file")})
		return
	}
	http.ServeFileFS(w, r, files, path.Join("static", name))
}

// getSetup says what phones here can do.
func (s *Sim) getSetup(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, struct {
		USSDPath string `json:"ussd_path"`
		USSDCode string `json:"ussd_code"`
		Chat     bool   `json:"chat"`
	}{s.USSDPath, s.USSDCode, !s.RealTelegram})
}

type logLine struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Who  string `json:"who"`
	Role string `json:"role"`
	Road string `json:"road"`
	reply
}

// getState is what a page asks every second: the clock, where it is being moved to, and, unless mark is still the same,
// what was sent last.
func (s *Sim) getState(w http.ResponseWriter, r *http.Request) {
	out := struct {
		Now      string    `json:"now"`
		MovingTo string    `json:"moving_to,omitempty"`
		Mark     string    `json:"mark"`
		Log      []logLine `json:"log,omitempty"` // newest first
	}{Now: s.now()}
	if to := s.moves.to.Load(); to != nil {
		out.MovingTo = stamp(to.In(prokus.Zone("")))
	}
	var err error
	if out.Mark, err = s.Store.Mark(r.Context()); err != nil {
		s.fail(w, err)
		return
	}
	if out.Mark != r.URL.Query().Get("mark") {
		sent, err := s.Store.Log(r.Context(), logLines)
		if err != nil {
			s.fail(w, err)
			return
		}
		for _, m := range sent {
			out.Log = append(out.Log, logLine{m.ID, m.Kind, m.Who, m.Role, string(m.Via), reply{To: m.To, Text: m.Text, At: stamp(m.At), Segments: m.Segments}})
		}
	}
	answer(w, http.StatusOK, out)
}

func (s *Sim) getPeople(w http.ResponseWriter, r *http.Request) {
	people, err := s.Store.People(r.Context(), bahasa.Clean([]byte(r.URL.Query().Get("find"))), peopleLimit)
	if err != nil {
		s.fail(w, err)
		return
	}
	if people == nil {
		people = []Owner{}
	}
	answer(w, http.StatusOK, people)
}
