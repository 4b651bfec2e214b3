package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Media are photos and voice notes that people sent. The files stay with the provider; what is kept is its handle.
type Media interface {
	// Notas are the receipts of a person of the scope, newest first.
	Notas(ctx context.Context, s Scope, person int64) ([]Nota, error)
	// CaseMedia are what she sent while a case of the scope was open, newest first; none of a confidential one that the viewer
	// may not see.
	CaseMedia(ctx context.Context, s Scope, id int64) ([]MediaRow, error)
	// NotaFile and CaseFile are where a file is, for who may see its record; that they looked is recorded.
	NotaFile(ctx context.Context, s Scope, nota int64, by int64, now time.Time) (MediaFile, error)
	CaseFile(ctx context.Context, s Scope, id, inbox int64, by int64, now time.Time) (MediaFile, error)
}

// Nota is a receipt of what she bought with the grant.
type Nota struct {
	ID     int64
	Amount int64 // rupiah
	At     time.Time
	Via    string
	By     string // empty: herself
	Photo  bool   // there is a picture of it
}

// MediaRow is one photo or voice note.
type MediaRow struct {
	Inbox int64
	Kind  string // photo, voice, video, document; empty: not known
	At    time.Time
	Words string // what she wrote with it
}

// MediaFile is where a file is.
type MediaFile struct{ Channel, Handle string }

// maxFile is the most that is fetched for a page: a voice note of minutes, a photo of any phone.
const maxFile = 10 << 20

// errTooBig is a file beyond maxFile.
var errTooBig = errors.New("file too big")

// limited stops a fetch that goes beyond the limit, whatever the provider said before.
type limited struct {
	buf  bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		return 0, errTooBig
	}
	l.left -= len(p)
	return l.buf.Write(p)
}

// shown are the kinds of file that a browser may show. They are told by their first bytes, never by a name or by what the
// sender said; anything else is only given for saving.
var shown = map[string]bool{"image/jpeg": true, "image/png": true, "image/webp": true, "image/gif": true, "application/ogg": true, "audio/mpeg": true, "audio/wave": true, "video/mp4": true}

// kindOf is the media type under which a file is answered, and whether it is shown in the page.
func kindOf(b []byte) (kind string, inline bool) {
	kind, _, _ = strings.Cut(http.DetectContentType(b), ";")
	switch {
	case !shown[kind]:
		return "application/octet-stream", false
	case kind == "application/ogg":
		return "audio/ogg", true // voice notes
	}
	return kind, true
}

func (c *console) notaFile(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	f, err := c.Store.NotaFile(v.r.Context(), v.viewer.Scope(), id, v.viewer.Staff.ID, v.now)
	return c.serveFile(v, f, err)
}

func (c *console) caseFile(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	inbox, err := strconv.ParseInt(v.r.PathValue("file"), 10, 64)
	if err != nil {
		return ErrNotFound
	}
	f, err := c.Store.CaseFile(v.r.Context(), v.viewer.Scope(), id, inbox, v.viewer.Staff.ID, v.now)
	return c.serveFile(v, f, err)
}

// serveFile fetches a file from its provider and shows it. One that is gone, or too big, is an error page and no broken file.
func (c *console) serveFile(v *visit, f MediaFile, err error) error {
	if err != nil {
		return err
	}
	w := &limited{left: maxFile}
	if c.Fetch == nil {
		return ErrNotFound
	}
	switch err := c.Fetch(v.r.Context(), f.Channel, f.Handle, w, maxFile); {
	case errors.Is(err, errTooBig):
		return errFile
	case err != nil:
		c.Log.WarnContext(v.r.Context(), "a file was not given", "channel", f.Channel, "err", err)
		return errFile
	}
	kind, inline := kindOf(w.buf.Bytes())
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(w.buf.Len()))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", map[bool]string{true: "inline", false: `attachment; filename="berkas.bin"`}[inline])
	if _, err := w.buf.WriteTo(v.w); err != nil {
		c.Log.DebugContext(v.r.Context(), "file not taken", "err", err)
	}
	return nil
}

// errFile is a file that its provider does not give any more, or that is beyond the limit.
var errFile = errors.New("file not available")

// Fetch writes the file behind a provider's handle to w, at most limit bytes.
type Fetch func(ctx context.Context, channel, handle string, w io.Writer, limit int64) error
