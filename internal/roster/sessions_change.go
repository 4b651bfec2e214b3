package roster

import (
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// callOff cancels a session that is planned.
func (f *sessionFile) callOff(j *judged, now KnownSession, why string) (*judged, *SessionRow) {
	was, ok := f.known[now.key()]
	switch {
	case !ok:
		j.fault(Shift, "Sesi yang dibatalkan tidak ditemukan pada waktu dan tempat itu.")
		return j, nil
	case was.Cancelled:
		j.Verdict = Unchanged
		return j, nil
	}
	if why == "" {
		why = "lainnya"
	}
	j.change(Shift, "rencana", "batal")
	j.Verdict = Changed
	return j, &SessionRow{KnownSession: was, CallOff: why}
}

// moveWithin is how far a session may be moved by a list; beyond that it is another one.
const moveWithin = 21 * 24 * time.Hour

// movedHere are the planned sessions that a row may mean with "pindah": of the same kecamatan and mentor, and topic where both
// say one, near in time, and not in the file themselves.
func (f *sessionFile) movedHere(now KnownSession) (found []KnownSession) {
	for key, k := range f.known {
		if _, listed := f.rows[key]; listed || k.Cancelled || k.Area != now.Area || k.At.Before(f.o.Now) || k.At.Sub(now.At).Abs() > moveWithin {
			continue
		}
		if now.Mentor != 0 && k.Mentor != now.Mentor || now.Topic != "" && k.Topic != "" && words(now.Topic) != words(k.Topic) {
			continue
		}
		found = append(found, k)
	}
	return found
}

// move gives the one session that is meant another time or place.
func (f *sessionFile) move(j *judged, now KnownSession, from []KnownSession) (*judged, *SessionRow) {
	if was, ok := f.known[now.key()]; ok && !was.Cancelled {
		return f.judge(j, now) // it has been moved already
	}
	switch len(from) {
	case 0:
		j.fault(Shift, "Sesi yang pindah tidak ditemukan. Kecamatan, mentor dan topiknya harus sama.")
		return j, nil
	case 1:
	default:
		j.fault(Shift, "Ada %d sesi yang mungkin pindah. Tulis topiknya, atau batalkan sesi lama.", len(from))
		return j, nil
	}
	was := from[0]
	delete(f.known, was.key())
	moved := was
	moved.At, moved.Place = now.At, now.Place
	j.change(Date, bahasa.Date(was.At.In(now.At.Location()))+" "+bahasa.Clock(was.At.In(now.At.Location())), bahasa.Date(now.At)+" "+bahasa.Clock(now.At))
	j.change(Place, was.Place, now.Place)
	j.Verdict = Changed
	return j, &SessionRow{KnownSession: moved, Moved: true}
}

// elsewhere is the session that a new row moves to another place: its mentor cannot be in two places at one time.
func (f *sessionFile) elsewhere(now KnownSession) (found []KnownSession) {
	for key, k := range f.known {
		if _, listed := f.rows[key]; !listed && !k.Cancelled && now.Mentor != 0 && k.Mentor == now.Mentor && k.Area == now.Area && k.At.Equal(now.At) {
			found = append(found, k)
		}
	}
	return found
}
