package console

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const maxNote = 300

// act changes a broadcast and goes back to its page, or says on it why not.
func (c *console) act(v *visit, what, done string, f func(*Broadcast) error) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	_, err = c.Store.ChangeBroadcast(v.r.Context(), v.viewer.Scope(), id, v.viewer.Staff, what, v.now, f)
	return c.after(v, id, done, err)
}

func (c *console) after(v *visit, id int64, done string, err error) error {
	status, key := http.StatusConflict, ""
	switch {
	case err == nil:
		return v.redirect("/siaran/"+strconv.FormatInt(id, 10), done)
	case errors.Is(err, ErrState):
		key = "state"
	case errors.Is(err, ErrStale):
		key = "stale"
	case errors.Is(err, ErrOwn):
		status, key = http.StatusForbidden, "own"
	case errors.Is(err, ErrCount):
		status, key = http.StatusUnprocessableEntity, "count"
	case errors.Is(err, ErrEmpty):
		status, key = http.StatusUnprocessableEntity, "empty"
	case errors.Is(err, ErrUnchecked):
		status, key = http.StatusUnprocessableEntity, "unchecked"
	case errors.Is(err, ErrBudget):
		status, key = http.StatusUnprocessableEntity, "budget"
	case errors.Is(err, errUnread):
		status, key = http.StatusUnprocessableEntity, "unread"
	case errors.Is(err, errReason):
		status, key = http.StatusUnprocessableEntity, "reason"
	default:
		return err
	}
	b, err := c.Store.Broadcast(v.r.Context(), v.viewer.Scope(), id)
	if err != nil {
		return err
	}
	problems := []Problem{{Field: "tindakan", Key: key}}
	if key == "unchecked" || key == "budget" {
		a, err := c.Store.Audience(v.r.Context(), v.viewer.Scope(), b, v.now)
		if err != nil {
			return err
		}
		problems[0].Arg = bahasa.Money(a.Left, bahasa.Full)
		problems = append(problems, b.Problems(a.Rules, v.now, v.now.Location())...)
	}
	return c.showBroadcast(v, status, b, formOf(b, v.now.Location()), problems)
}

var (
	errUnread = errors.New("the approver did not confirm having read it")
	errReason = errors.New("a refusal needs a reason")
)

// plainBroadcast writes costly characters plainly, the rest stays.
func (c *console) plainBroadcast(v *visit) error {
	return c.act(v, "ubah", "saved", func(b *Broadcast) error {
		w := b.Wording
		w.Texts = map[prokus.Lang]string{}
		for l, t := range b.Texts {
			w.Texts[l] = bahasa.Plain(t)
		}
		return b.Edit(v.viewer.Staff, version(v), w, b.Rule, b.SendAt)
	})
}

// submitBroadcast freezes it. The count that the author saw must still be true; of many it is typed (faults.md K1).
func (c *console) submitBroadcast(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	seen, err := readCount(v.r.PostForm.Get("jumlah"))
	if err == nil && seen > TypedAbove {
		var typed int
		if typed, err = readCount(v.r.PostForm.Get("ketik")); err == nil && typed != seen {
			err = ErrCount
		}
	}
	if err == nil {
		_, err = c.Store.SubmitBroadcast(v.r.Context(), v.viewer.Scope(), id, v.viewer.Staff, version(v), seen, field(v.r.PostForm.Get("catatan"), maxNote), c.Tariff, v.now)
	}
	return c.after(v, id, "submitted", err)
}

func (c *console) withdrawBroadcast(v *visit) error {
	return c.act(v, "tarik", "withdrawn", func(b *Broadcast) error { return b.Withdraw(v.viewer.Staff) })
}

// approveBroadcast releases what was frozen, if it is what the approver saw.
func (c *console) approveBroadcast(v *visit) error {
	return c.act(v, "setujui", "approved", func(b *Broadcast) error {
		if err := b.MayApprove(v.viewer.Staff); err != nil {
			return err
		}
		if v.r.PostForm.Get("baca") != "1" {
			return errUnread
		}
		if b.Frozen.People > TypedAbove {
			if n, err := readCount(v.r.PostForm.Get("ketik")); err != nil || n != b.Frozen.People {
				return ErrCount
			}
		}
		return b.Approve(v.viewer.Staff, v.r.PostForm.Get("sidik"), v.now)
	})
}

func (c *console) refuseBroadcast(v *visit) error {
	reason := field(v.r.PostForm.Get("alasan"), maxNote)
	return c.act(v, "tolak", "refused", func(b *Broadcast) error {
		if err := b.MayApprove(v.viewer.Staff); err != nil {
			return err
		}
		if reason == "" {
			return errReason
		}
		return b.Refuse(v.viewer.Staff, reason)
	})
}

func (c *console) pauseBroadcast(v *visit) error {
	return c.act(v, "jeda", "paused", func(b *Broadcast) error { return b.Pause(v.viewer.Staff) })
}

func (c *console) resumeBroadcast(v *visit) error {
	return c.act(v, "lanjut", "resumed", func(b *Broadcast) error { return b.Resume(v.viewer.Staff, v.now) })
}

func (c *console) cancelBroadcast(v *visit) error {
	return c.act(v, "batal", "cancelled", func(b *Broadcast) error { return b.Cancel(v.viewer.Staff, v.now) })
}

// readCount reads a count as people type it: 1200 or 1.200.
func readCount(s string) (int, error) {
	n, err := strconv.Atoi(strings.NewReplacer(".", "", " ", "").Replace(s))
	if err != nil {
		return 0, ErrCount
	}
	return n, nil
}

func version(v *visit) int {
	n, err := strconv.Atoi(v.r.PostForm.Get("versi"))
	if err != nil {
		return -1 // no version: stale
	}
	return n
}
