package console

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// route is one door. It is open to everybody, or to these roles; New refuses one that says neither (faults.md S2).
type route struct {
	pattern string
	open    bool
	bare    bool // of no session's concern
	roles   []prokus.Role
	serve   func(*visit) error
}

// Roles that share rights. A TKSK reads about the people of their kecamatan; a mentor sees their own sessions.
var (
	everyone = []prokus.Role{prokus.TKSK, prokus.Mentor, prokus.Coordinator, prokus.Ministry}
	readers  = []prokus.Role{prokus.TKSK, prokus.Coordinator, prokus.Ministry}
	carers   = []prokus.Role{prokus.TKSK, prokus.Coordinator}
	holders  = []prokus.Role{prokus.Mentor, prokus.Coordinator} // of sessions
	heads    = []prokus.Role{prokus.Coordinator}
	ministry = []prokus.Role{prokus.Ministry}
	leaders  = []prokus.Role{prokus.Coordinator, prokus.Ministry}
)

func (c *console) routes() []route {
	r := []route{
		{pattern: "GET /static/{file}", open: true, bare: true, serve: c.static},
		{pattern: "GET /masuk/{token}", open: true, serve: c.loginPage},
		{pattern: "POST /masuk/{token}", open: true, serve: c.login},
		{pattern: "GET /{$}", open: true, serve: c.home}, // the landing page for visitors without a session
		{pattern: "POST /keluar", roles: everyone, serve: c.logout},
		{pattern: "GET /orang", roles: readers, serve: c.people},
		{pattern: "GET /orang/{code}", roles: readers, serve: c.person},
		{pattern: "POST /orang/{code}/amatan", roles: carers, serve: c.observe},
		{pattern: "GET /kasus", roles: readers, serve: c.cases},
		{pattern: "GET /kasus/{id}", roles: readers, serve: c.kase},
		{pattern: "POST /kasus/{id}/ambil", roles: heads, serve: c.takeCase},
		{pattern: "POST /kasus/{id}/tindakan", roles: carers, serve: c.actOnCase},
		{pattern: "POST /kasus/{id}/selesai", roles: carers, serve: c.closeCase},
		{pattern: "GET /orang/{code}/pindah", roles: heads, serve: c.moveForm},
		{pattern: "POST /orang/{code}/pindah", roles: heads, serve: c.move},
		{pattern: "GET /orang/{code}/gabung", roles: heads, serve: c.mergeForm},
		{pattern: "POST /orang/{code}/gabung", roles: heads, serve: c.merge},
		{pattern: "GET /laporan", roles: carers, serve: c.monthlyReports},
		{pattern: "GET /laporan/{kecamatan}/{bulan}", roles: carers, serve: c.monthlyReport},
		{pattern: "GET /pendamping", roles: leaders, serve: c.posts},
		{pattern: "POST /pendamping", roles: heads, serve: c.assign},
		{pattern: "GET /angkatan", roles: leaders, serve: c.batches},
		{pattern: "POST /angkatan", roles: ministry, serve: c.openBatch},
		{pattern: "POST /angkatan/{id}/tutup", roles: ministry, serve: c.closeBatch},
		{pattern: "GET /bimbingan", roles: everyone, serve: c.mentoring},
		{pattern: "GET /bimbingan/baru", roles: heads, serve: c.newMeeting},
		{pattern: "POST /bimbingan", roles: heads, serve: c.createMeeting},
		{pattern: "GET /bimbingan/{id}", roles: everyone, serve: c.meeting},
		{pattern: "POST /bimbingan/{id}/pindah", roles: holders, serve: c.shiftMeeting},
		{pattern: "POST /bimbingan/{id}/batal", roles: holders, serve: c.callOffMeeting},
		{pattern: "POST /bimbingan/{id}/hadir", roles: holders, serve: c.attendMeeting},
		{pattern: "POST /bimbingan/{id}/tugas", roles: holders, serve: c.homeworkMeeting},
		{pattern: "POST /bimbingan/{id}/ingatkan", roles: holders, serve: c.nudgeMeeting},
		{pattern: "POST /bimbingan/{id}/undang", roles: holders, serve: c.inviteMeeting},
		{pattern: "POST /ringkasan", roles: heads, serve: c.summary},
		{pattern: "GET /pesan", roles: leaders, serve: c.messages},
		{pattern: "GET /pesan/{message}", roles: leaders, serve: c.story},
		{pattern: "GET /saluran", roles: leaders, serve: c.channelsPage},
		{pattern: "POST /saluran/anggaran", roles: leaders, serve: c.setBudget},
		{pattern: "POST /saluran/pulsa", roles: leaders, serve: c.noteCredit},
		{pattern: "GET /siaran", roles: leaders, serve: c.broadcasts},
		{pattern: "GET /siaran/baru", roles: leaders, serve: c.newBroadcast},
		{pattern: "POST /siaran", roles: leaders, serve: c.createBroadcast},
		{pattern: "GET /siaran/{id}", roles: leaders, serve: c.broadcast},
		{pattern: "POST /siaran/{id}", roles: leaders, serve: c.editBroadcast},
		{pattern: "POST /siaran/{id}/polos", roles: leaders, serve: c.plainBroadcast},
		{pattern: "POST /siaran/{id}/ajukan", roles: leaders, serve: c.submitBroadcast},
		{pattern: "POST /siaran/{id}/tarik", roles: leaders, serve: c.withdrawBroadcast},
		{pattern: "POST /siaran/{id}/setujui", roles: leaders, serve: c.approveBroadcast},
		{pattern: "POST /siaran/{id}/tolak", roles: leaders, serve: c.refuseBroadcast},
		{pattern: "POST /siaran/{id}/jeda", roles: leaders, serve: c.pauseBroadcast},
		{pattern: "POST /siaran/{id}/lanjut", roles: leaders, serve: c.resumeBroadcast},
		{pattern: "POST /siaran/{id}/batal", roles: leaders, serve: c.cancelBroadcast},
		{pattern: "GET /nota/{id}", roles: readers, serve: c.notaFile},
		{pattern: "GET /kasus/{id}/berkas/{file}", roles: readers, serve: c.caseFile},
		{pattern: "POST /orang/{code}/telegram", roles: readers, serve: c.personLink},
		{pattern: "POST /orang/{code}/nomor", roles: readers, serve: c.vouch},
		{pattern: "POST /orang/{code}/jam", roles: leaders, serve: c.keepHours},
		{pattern: "POST /telegram", roles: everyone, serve: c.staffLink},
		{pattern: "POST /siaran/{id}/mundur", roles: leaders, serve: c.withdrawTaker},
		{pattern: "GET /balasan", roles: leaders, serve: c.replies},
		{pattern: "GET /balasan/{id}", roles: leaders, serve: c.reply},
		{pattern: "POST /balasan/{id}", roles: leaders, serve: c.answerReply},
		{pattern: "GET /aturan", roles: leaders, serve: c.rules},
		{pattern: "GET /aturan/{key}", roles: leaders, serve: c.rule},
		{pattern: "POST /aturan/{key}/lihat", roles: leaders, serve: c.previewRule},
		{pattern: "POST /aturan/{key}", roles: leaders, serve: c.saveRule},
		{pattern: "GET /rencana", roles: leaders, serve: c.plan},
		{pattern: "GET /kalender", roles: leaders, serve: c.calendar},
		{pattern: "POST /kalender/lihat", roles: leaders, serve: c.previewDay},
		{pattern: "POST /kalender", roles: leaders, serve: c.saveDay},
		{pattern: "/", open: true, serve: func(*visit) error { return ErrNotFound }},
	}
	if c.Demo {
		r = append(r, route{pattern: "POST /masuk-demo", open: true, serve: c.demoLogin})
	}
	return r
}

// protect puts around all routes what every answer needs.
func (c *console) protect(mux *http.ServeMux) (http.Handler, error) {
	origin := http.NewCrossOriginProtection()
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("console: %q is no address", c.PublicURL)
		}
		// Behind a proxy the host of a request may not be the one that people see.
		if err := origin.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("console: %w", err)
		}
	}
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.answer(&visit{w: w, r: r}, errForgery)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.headers(w.Header())
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		origin.Handler(mux).ServeHTTP(w, r)
	}), nil
}

// maxForm bounds a posted form: three texts and a list of kecamatan.
const maxForm = 64 << 10

func (c *console) headers(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "+
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	// Not no-referrer: browsers would then send "Origin: null" with our own forms.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	if c.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}
