package roster

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/areas"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// usualCapacity is how many people a session takes when the list does not say.
const usualCapacity = 30

// ImportSessions reads a list of mentoring sessions and invites the kecamatan's people who agreed, up to the capacity.
func ImportSessions(ctx context.Context, store Store, t *Table, o Options) (Result, error) {
	s, err := openSheet(t, Sessions, o)
	if err != nil {
		return Result{}, err
	}
	return s.run(ctx, store, func(ctx context.Context, tx Tx, res *Result) error {
		staff, err := tx.KnownStaff(ctx)
		if err != nil {
			return err
		}
		known, err := tx.KnownSessions(ctx, o.Now.AddDate(0, 0, -2), o.Now.AddDate(2, 0, 0))
		if err != nil {
			return err
		}
		f := &sessionFile{sheet: s, staff: staff, known: map[string]KnownSession{}, rows: map[string]int{}}
		for _, k := range known {
			f.known[k.key()] = k
		}
		return s.inChunks(res, func(rows []chunkRow) error {
			var keep []SessionRow
			for _, row := range rows {
				j, save := f.take(row)
				res.add(j.RowResult)
				if save != nil {
					keep = append(keep, *save)
				}
			}
			if o.DryRun || len(keep) == 0 {
				return nil
			}
			return tx.SaveSessions(ctx, o.Now, keep)
		})
	})
}

type sessionFile struct {
	*sheet
	staff []KnownStaff
	known map[string]KnownSession
	rows  map[string]int // keys of this file
}

// key is what makes a session itself: when, where, and in which place.
func (s KnownSession) key() string {
	return strconv.FormatInt(s.At.Unix(), 10) + "|" + s.Area + "|" + words(s.Place)
}

func (f *sessionFile) take(row chunkRow) (*judged, *SessionRow) {
	j, ok := start(row.Row, row.err)
	if !ok {
		return j, nil
	}
	now := KnownSession{Place: f.text(j, row.Row, Place), Topic: f.text(j, row.Row, Topic), Capacity: usualCapacity}
	j.Name = now.Place
	if now.Place == "" {
		j.fault(Place, "Tempat kosong.")
	}
	a, ok := f.subdistrict(j, row.Row)
	now.Area = a.Code
	now.At = f.when(j, row.Row, a)
	if cell := f.get(row.Row, Capacity); cell != "" {
		n, err := strconv.Atoi(cell)
		if err != nil || n < 1 || n > 1000 {
			j.fault(Capacity, "Kapasitas '%s' harus angka 1 sampai 1000.", short(cell))
		}
		now.Capacity = n
	}
	if ok {
		now.Mentor = f.mentor(j, row.Row, a)
	}
	if len(j.Problems) > 0 {
		return j, nil
	}
	if other, ok := f.rows[now.key()]; ok {
		j.fault(Date, "Sesi sama dengan baris %d.", other)
		return j, nil
	}
	f.rows[now.key()] = j.Row
	switch shift, why, _ := strings.Cut(words(f.get(row.Row, Shift)), " "); shift {
	case "batal", "dibatalkan", "dibatal":
		return f.callOff(j, now, why)
	case "pindah", "dipindah", "dipindahkan":
		return f.move(j, now, f.movedHere(now))
	case "", "rencana", "jadi", "tetap", "baru":
		return f.judge(j, now)
	default:
		j.fault(Shift, "Perubahan '%s' tidak dikenal. Tulis batal atau pindah.", short(f.get(row.Row, Shift)))
		return j, nil
	}
}

func (f *sessionFile) judge(j *judged, now KnownSession) (*judged, *SessionRow) {
	was, ok := f.known[now.key()]
	if from := f.elsewhere(now); !ok && len(from) == 1 {
		return f.move(j, now, from)
	}
	if !ok {
		j.Verdict = New
		if now.Mentor == 0 {
			j.warn("Tanpa mentor.")
		}
		code, err := boardCode()
		if err != nil {
			j.fault("", "Kode hadir tidak bisa dibuat. Coba lagi.")
			return j, nil
		}
		return j, &SessionRow{KnownSession: now, Code: code}
	}
	if was.Cancelled {
		j.fault(Date, "Sesi ini sudah dibatalkan.")
		return j, nil
	}
	if now.Mentor == 0 {
		now.Mentor = was.Mentor
	}
	j.change(Topic, was.Topic, now.Topic)
	j.change(Mentor, f.called(was.Mentor), f.called(now.Mentor))
	if was.Capacity != now.Capacity {
		j.change(Capacity, strconv.Itoa(was.Capacity), strconv.Itoa(now.Capacity))
	}
	if j.Verdict = Unchanged; len(j.Changes) == 0 {
		return j, nil
	}
	j.Verdict, now.ID, now.Topic = Changed, was.ID, said(now.Topic, was.Topic)
	return j, &SessionRow{KnownSession: now}
}

// when is the session's moment, on the clock of its kecamatan.
func (f *sessionFile) when(j *judged, row Row, a areas.Area) time.Time {
	day, ok := readDay(f.get(row, Date))
	if !ok {
		j.fault(Date, "Tanggal '%s' tidak terbaca. Contoh: 2026-06-10.", short(f.get(row, Date)))
	}
	minutes, clock := readHour(f.get(row, Hour))
	if !clock {
		j.fault(Hour, "Jam '%s' tidak terbaca. Contoh: 10.00.", short(f.get(row, Hour)))
	}
	if !ok || !clock {
		return time.Time{}
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), minutes/60, minutes%60, 0, 0, prokus.Zone(a.Zone))
	if at.Before(f.o.Now) {
		j.fault(Date, "%s jam %s sudah lewat.", bahasa.Date(at), bahasa.Clock(at))
	}
	return at
}

// mentor finds the mentor of a session among those of the kabupaten, by number or by name.
func (f *sessionFile) mentor(j *judged, row Row, a areas.Area) int64 {
	cell := f.get(row, Mentor)
	if absent(cell) {
		return 0
	}
	_, name := titled(tidyName(cell))
	number := readPhoneCell(cell).number
	var found []KnownStaff
	for _, s := range f.staff {
		if s.Role != prokus.Mentor || !sameDistrict(s.Areas, []string{a.Parent}) {
			continue
		}
		if words(s.Name) == words(name) {
			return s.ID
		}
		if number != "" && len(s.Phones) > 0 && s.Phones[0] == number || shareWord(s.Name, name) {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 1:
		return found[0].ID
	case 0:
		j.fault(Mentor, "Mentor '%s' belum terdaftar. Impor dulu daftar petugas.", short(cell))
	default:
		j.fault(Mentor, "Mentor '%s' bisa berarti beberapa orang. Tulis nama lengkap.", short(cell))
	}
	return 0
}

func (f *sessionFile) called(id int64) string {
	for _, s := range f.staff {
		if s.ID == id {
			return s.Called()
		}
	}
	return ""
}

// boardCode is the three digits that the mentor writes on the board. It never begins with zero, which people leave out.
func boardCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(900))
	if err != nil {
		return "", err
	}
	return fmt.Sprint(100 + n.Int64()), nil
}
