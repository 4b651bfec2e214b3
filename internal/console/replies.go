package console

import (
	"net/http"
	"strconv"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

const replyRows = 100

type repliesPage struct {
	base
	Done       bool
	Open, Late int
	Rows       []ReplyRow
}

// replies is the inbox of the viewer's unit: what people wrote back to its broadcasts.
func (c *console) replies(v *visit) (err error) {
	ctx, s := v.r.Context(), v.viewer.Scope()
	p := repliesPage{base: c.base(v, "title.replies", "replies"), Done: v.r.URL.Query().Get("selesai") == "1"}
	if p.Rows, err = c.Store.Replies(ctx, s, 0, p.Done, replyRows); err != nil {
		return err
	}
	if p.Open, p.Late, err = c.Store.OpenReplies(ctx, s, v.now); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "balasan", p)
}

type replyPage struct {
	base
	ReplyPage
	Unit    string // how the answer begins
	Words   string // as typed, when it could not be sent
	Problem string
}

func (c *console) reply(v *visit) error { return c.showReply(v, http.StatusOK, "", "") }

func (c *console) showReply(v *visit, status int, words, problem string) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	r, err := c.Store.Reply(v.r.Context(), v.viewer.Scope(), id, v.viewer.Staff.ID, v.now)
	if err != nil {
		return err
	}
	b := c.base(v, "title.replies", "replies")
	b.Title = r.Name
	return c.show(v, status, "satu_balasan", replyPage{b, r, c.unit(r.ReplyRow), words, problem})
}

// unit is how an office signs its answers.
func (c *console) unit(r ReplyRow) string {
	if r.AreaName == "" {
		return c.words.of("unit.nation")
	}
	return c.words.of("unit.district") + " " + bahasa.FitName(r.AreaName, 16)
}

// answerReply sends the answer and settles the reply, or settles it without one.
func (c *console) answerReply(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	q := v.r.PostForm
	words, done := field(q.Get("jawaban"), maxText), q.Get("selesai") == "1"
	if q.Get("tindakan") == "tutup" {
		words, done = "", true
	} else if words == "" {
		return c.showReply(v, http.StatusUnprocessableEntity, words, "empty")
	}
	if words != "" {
		r, err := c.Store.Reply(v.r.Context(), v.viewer.Scope(), id, v.viewer.Staff.ID, v.now)
		if err != nil {
			return err
		}
		said := c.unit(r.ReplyRow) + ": " + words
		parts, _, _ := bahasa.Segments(said)
		switch {
		case len(foreignLinks(words)) > 0:
			return c.showReply(v, http.StatusUnprocessableEntity, words, "link")
		case parts > MaxParts:
			return c.showReply(v, http.StatusUnprocessableEntity, words, "long")
		}
		words = said
	}
	if err := c.Store.AnswerReply(v.r.Context(), v.viewer.Scope(), id, v.viewer.Staff, words, done, v.now); err != nil {
		return err
	}
	if done {
		return v.redirect("/balasan", "settled")
	}
	return v.redirect("/balasan/"+strconv.FormatInt(id, 10), "answered")
}
