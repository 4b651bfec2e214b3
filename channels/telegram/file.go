package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-telegram/bot"

	"github.com/kabar-prokus/kabar/channels"
)

// MaxFile is the most that a bot may fetch, by Telegram's rule.
const MaxFile = 20 << 20

// fileTimeout bounds the fetching of one file.
const fileTimeout = time.Minute

// File writes the photo, voice note or document behind Inbound.Media to w. It stops with
// channels.ErrTooBig beyond limit bytes.
func (a *Adapter) File(ctx context.Context, id string, w io.Writer, limit int64) error {
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	limit = min(limit, MaxFile)
	f, err := a.bot.GetFile(ctx, &bot.GetFileParams{FileID: id})
	if err != nil {
		return fmt.Errorf("telegram: find file: %w", a.classify(err))
	}
	if f.FileSize > limit {
		return channels.ErrTooBig
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.bot.FileDownloadLink(f), nil)
	if err != nil {
		return a.masked(err)
	}
	resp, err := a.carrier.client.Do(req)
	if err != nil {
		return fmt.Errorf("telegram: fetch file: %w", a.masked(err))
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("telegram: fetch file: %w", &statusError{status: resp.StatusCode})
	}
	switch err := channels.Copy(w, resp.Body, limit); {
	case errors.Is(err, channels.ErrTooBig):
		return err
	case err != nil:
		return fmt.Errorf("telegram: fetch file: %w", a.masked(err))
	}
	return nil
}
