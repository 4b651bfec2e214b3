// Package demo invents a small programme with a history, so that every screen has something to show: five areas, some sixty
// people, eight weeks of reports, grants on every step, open cases, sessions past and to come, and what was said on the way.
//
// Nobody in it is real. The cast of the transcripts is in it, so that they can be played: Siti Aminah has reported four weeks
// (600, 610, 640, 670 thousand) and her grant is at the bank. The world is the same for the same moment: a seeded generator,
// no clock and no other chance.
package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/areas"
)

// Store is where the invented programme is put.
type Store interface {
	// SaveWorld writes a world into a database that has areas and no people, in one transaction; false: there are people
	// already, and nothing was done.
	SaveWorld(ctx context.Context, w *World) (bool, error)
}

// Build fills an empty database with the invented programme as it stands at now. It does nothing where there are people.
// nikKey is the key under which imports keep a NIK, so that a list imported later finds the same people.
// chats is whether the simulator stands in for the chat; with a real bot an invented chat would only be refused there.
func Build(ctx context.Context, store Store, now time.Time, nikKey []byte, chats bool) error {
	w, err := Invent(now, nikKey, chats)
	if err != nil {
		return err
	}
	if _, err := store.SaveWorld(ctx, w); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

// Invent makes the world as it stands at now.
func Invent(now time.Time, nikKey []byte, chats bool) (*World, error) {
	index, err := areas.Load()
	if err != nil {
		return nil, err
	}
	texts, err := text.Load(text.Files)
	if err != nil {
		return nil, fmt.Errorf("demo: texts: %w", err)
	}
	days, err := areas.Holidays()
	if err != nil {
		return nil, err
	}
	b := newBuilder(now, index, texts, days)
	b.hire()
	b.enrol(nikKey, chats)
	b.report()
	b.grants()
	b.sessions()
	b.cases()
	if b.err != nil {
		return nil, fmt.Errorf("demo: %w", b.err)
	}
	b.inOrder()
	return b.World, nil
}
