package roster_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/roster"
)

// bigList is a list of n invented people, every one of them new.
func bigList(n int) []byte {
	var b bytes.Buffer
	b.WriteString("NIK;Nama;No HP;Kecamatan;Desa;Jenis Usaha;Klaster;Bahasa\r\n")
	kecamatan := []string{"Maja", "Sukahaji", "Talaga", "Cikijing", "Jatiwangi", "Kadipaten"}
	for i := range n {
		// Day, month, year and serial count up together so that no two are alike.
		fmt.Fprintf(&b, "321013%02d%02d%02d%04d;Nama Orang %d;08%d;%s;Desa %d;Warung;Kuliner;Sunda\r\n",
			41+i%28, 1+i/28%12, 56+i/336%40, 1+i/13440, i, 1_200_000_000+i, kecamatan[i%6], i%40)
	}
	return b.Bytes()
}

// The limit is far above what it takes, about two seconds alone on two cores: it catches a row-by-row regression, not a busy machine.
func TestTwentyThousandRows(t *testing.T) {
	db, pool := database(t)
	list := bigList(20_000)
	start := time.Now()
	r := run(t, roster.ImportPeople, db, string(list))
	took := time.Since(start)
	if r.New != 20_000 || len(r.Errors) != 0 {
		t.Fatalf("%d new, %d errors: %+v", r.New, len(r.Errors), r.Errors[:min(3, len(r.Errors))])
	}
	if took > time.Minute {
		t.Errorf("20,000 rows took %s", took)
	}
	start = time.Now()
	if r := run(t, roster.ImportPeople, db, string(list)); r.Unchanged != 20_000 {
		t.Errorf("again: %d unchanged", r.Unchanged)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("20,000 rows: %s new, %s unchanged, heap in use %d MB", took.Round(time.Millisecond), time.Since(start).Round(time.Millisecond), m.HeapInuse>>20)
	if n := one[int](t, pool, `SELECT count(DISTINCT code) FROM person WHERE length(code) = 6`); n != 20_000 {
		t.Errorf("%d codes of six digits", n)
	}
}
