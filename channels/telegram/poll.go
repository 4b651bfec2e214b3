package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-telegram/bot"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	batchSize = 100
	workers   = 8
	// givenUp is after how many failures an update is dropped while others of the same batch get through, as Telegram
	// gives up on a webhook: one poisoned update must not silence everybody else.
	givenUp = 20
)

// Poll asks for updates until ctx ends, and then returns nil. It acknowledges an update (moves the offset) only after its
// turn has committed; updates of one chat keep their order. Errors are waited out, longer each time, and shown by Health.
func (a *Adapter) Poll(ctx context.Context) error {
	var (
		offset   int64
		wait     time.Duration
		failures = map[int64]int{} // update_id → how often its turn failed
	)
	for ctx.Err() == nil {
		batch, err := a.updates(ctx, offset)
		if err == nil {
			a.setDeaf(nil)
			a.setRefused(nil)
			unkept := a.work(ctx, batch, failures)
			// An empty answer confirms everything below the offset. After a silent week update_id starts anywhere, so
			// the offset must not be kept beyond that (faults.md E1): with 0 Telegram gives what is not confirmed.
			offset = next(batch, unkept)
			if len(unkept) > 0 {
				err = errors.New("telegram: updates not kept")
			}
		} else if ctx.Err() == nil {
			a.pollFailed(err)
		}
		if err == nil {
			wait = 0
			continue
		}
		wait = min(max(2*wait, a.backoff[0]), a.backoff[1])
		_, refusal := channels.KindOf(err)
		await(ctx, max(wait, refusal.RetryAfter), nil)
	}
	return nil
}

func (a *Adapter) pollFailed(err error) {
	kind, refusal := channels.KindOf(err)
	switch {
	case refusal.Code == "409":
		a.setDeaf(fmt.Errorf("telegram: a webhook or another process takes our updates: %w", err))
		a.log.Error("a webhook or another process takes our updates", "error", err)
	case kind == channels.Misconfig:
		a.log.Error("the token is refused", "error", err)
	default:
		a.setDeaf(fmt.Errorf("telegram: no updates: %w", err))
		a.log.Warn("no updates", "error", err)
	}
}

// next is the offset that confirms what was kept: one beyond the last, or the first that was not kept.
func next(batch []update, unkept []int64) int64 {
	var offset int64
	for _, u := range batch {
		offset = max(offset, u.id+1)
	}
	for _, id := range unkept {
		offset = min(offset, id)
	}
	return offset
}

// work takes a batch through its turns and returns what was not kept: chats side by side, the updates of one chat in
// order. After a failure the rest of that chat waits for the next round; a repeat is known by its Inbound.ID.
func (a *Adapter) work(ctx context.Context, batch []update, failures map[int64]int) (unkept []int64) {
	var order []string
	chats := map[string][]update{}
	for _, u := range batch {
		from := ""
		if u.in != nil {
			from = u.in.From
		}
		if chats[from] == nil {
			order = append(order, from)
		}
		chats[from] = append(chats[from], u)
	}
	var (
		mu     sync.Mutex
		failed [][]update // by chat, from the first that failed
		others bool       // a chat got through, so the failures are not the database's
		wg     sync.WaitGroup
		room   = make(chan struct{}, workers)
	)
	for _, from := range order {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			rest := a.workChat(ctx, chats[from])
			mu.Lock()
			defer mu.Unlock()
			if len(rest) > 0 {
				failed = append(failed, rest)
			} else if from != "" {
				others = true
			}
		})
	}
	wg.Wait()
	if len(failed) == 0 {
		clear(failures)
	}
	for _, rest := range failed {
		first := rest[0].id
		failures[first]++
		if failures[first] >= givenUp && others {
			a.log.Error("update given up", "update", first, "failures", failures[first])
			delete(failures, first)
			rest = rest[1:]
		}
		for _, u := range rest {
			unkept = append(unkept, u.id)
		}
	}
	return unkept
}

// workChat returns what is left from the first failure on.
func (a *Adapter) workChat(ctx context.Context, updates []update) (rest []update) {
	for i, u := range updates {
		reply, err := a.turn(ctx, u)
		if err != nil {
			a.log.Warn("update not kept", "kind", u.kind)
			return updates[i:]
		}
		a.finish(ctx, u, reply)
	}
	return nil
}

// updates fetches one batch. The library has no public getUpdates, so this is the one call made by hand.
func (a *Adapter) updates(ctx context.Context, offset int64) ([]update, error) {
	ctx, cancel := context.WithTimeout(ctx, a.pollFor+callTimeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{
		"offset": offset, "limit": batchSize, "timeout": int(a.pollFor / time.Second), "allowed_updates": heard,
	})
	if err != nil {
		return nil, fmt.Errorf("telegram: getUpdates: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+"/bot"+a.cfg.Token+"/getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, a.masked(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.carrier.Do(req)
	if err != nil {
		return nil, a.classify(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var got struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		ErrorCode   int               `json:"error_code"`
		Description string            `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		return nil, a.classify(&lostError{left: true, err: errors.New("the answer cannot be read")})
	}
	if !got.OK {
		return nil, a.classify(refusal(got.ErrorCode, got.Description, got.Parameters.RetryAfter))
	}
	return a.decodeBatch(got.Result), nil
}

// decodeBatch keeps the place of an update that cannot be read, so that the offset passes it.
func (a *Adapter) decodeBatch(raw []json.RawMessage) []update {
	var batch []update
	for _, body := range raw {
		u, err := a.decode(body)
		if err != nil {
			var id struct {
				ID int64 `json:"update_id"`
			}
			if json.Unmarshal(body, &id) != nil || id.ID == 0 {
				continue
			}
			a.log.Error("update cannot be read", "update", id.ID)
			u = update{id: id.ID, kind: "unreadable"}
		}
		batch = append(batch, u)
	}
	return batch
}

// refusal gives an error code the library's error, so that one table classes both.
func refusal(code int, description string, retryAfter int) error {
	known := map[int]error{
		http.StatusForbidden: bot.ErrorForbidden, http.StatusBadRequest: bot.ErrorBadRequest,
		http.StatusUnauthorized: bot.ErrorUnauthorized, http.StatusNotFound: bot.ErrorNotFound,
		http.StatusConflict: bot.ErrorConflict,
	}
	switch err := known[code]; {
	case code == http.StatusTooManyRequests:
		return &bot.TooManyRequestsError{Message: description, RetryAfter: retryAfter}
	case err != nil:
		return fmt.Errorf("%w, %s", err, description)
	}
	return &statusError{status: code}
}
