package areas

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"time"
)

//go:embed holidays.csv
var holidays string

//go:embed pauses.csv
var pauses string

//go:embed ramadan.csv
var ramadan string

// Holiday is one national holiday or joint leave day: no working day anywhere.
type Holiday struct {
	Day  time.Time // midnight UTC
	Name string
}

// Pause is a stretch of days: one on which nobody is asked and no streak breaks, or a month of Ramadan.
type Pause struct {
	From, To time.Time // midnight UTC, To included
	Name     string
}

// Holidays are the national holidays that ship with the program, in order.
func Holidays() ([]Holiday, error) {
	rows, err := dated(holidays, 2)
	if err != nil {
		return nil, fmt.Errorf("holidays: %w", err)
	}
	out := make([]Holiday, 0, len(rows))
	for _, r := range rows {
		day, err := time.Parse(time.DateOnly, r[0])
		if err != nil {
			return nil, fmt.Errorf("holidays: %w", err)
		}
		out = append(out, Holiday{day, r[1]})
	}
	return out, nil
}

// Pauses are the pauses that ship with the program, in order.
func Pauses() ([]Pause, error) { return stretches("pauses", pauses) }

// Ramadans are the months of Ramadan that ship with the program, in order, each as it was announced. A year without a row has
// usual hours until somebody enters it.
func Ramadans() ([]Pause, error) { return stretches("ramadan", ramadan) }

func stretches(what, data string) ([]Pause, error) {
	rows, err := dated(data, 3)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	out := make([]Pause, 0, len(rows))
	for _, r := range rows {
		from, err := time.Parse(time.DateOnly, r[0])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		to, err := time.Parse(time.DateOnly, r[1])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		out = append(out, Pause{from, to, r[2]})
	}
	return out, nil
}

func dated(data string, fields int) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(data))
	r.Comment = '#'
	r.FieldsPerRecord = fields
	return r.ReadAll()
}
