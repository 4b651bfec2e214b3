package roster

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of one line. Beyond them a file is no list of people but damage or an attack.
const (
	maxColumns = 256
	maxLine    = 256 << 10 // bytes of one line's cells
)

var errLineTooLong = errors.New("roster: line too long")

// lines splits delimited text as spreadsheets write it. Unlike encoding/csv it takes any line end (LF, CRLF, lone CR), counts
// empty lines as the spreadsheet does, lets rows be ragged, and never holds more than one bounded line.
type lines struct {
	in    *bufio.Reader
	comma rune
	n     int // number of the line just read
	ended bool
}

func newLines(r io.Reader, comma rune) *lines {
	return &lines{in: bufio.NewReaderSize(r, 64<<10), comma: comma}
}

// next reads one line; io.EOF ends. A line beyond the limits is skipped whole and answered with errLineTooLong.
func (l *lines) next() ([]string, error) {
	if l.ended {
		return nil, io.EOF
	}
	l.n++
	var (
		cells  []string
		cell   strings.Builder
		quoted bool // inside quotes
		fresh  = true
		any    bool
		size   int
		over   bool
	)
	end := func() {
		if len(cells) < maxColumns {
			cells = append(cells, cell.String())
		}
		cell.Reset()
		fresh = true
	}
	for {
		c, width, err := l.in.ReadRune()
		if errors.Is(err, io.EOF) {
			l.ended = true
			if !any {
				return nil, io.EOF
			}
			end()
			break
		}
		if err != nil {
			return nil, err
		}
		any = true
		if size += width; size > maxLine {
			over, quoted = true, false // an unclosed quote must not swallow the rest of the file
			cells = nil
			cell.Reset()
		}
		switch {
		case quoted && c == '"':
			if l.peek('"') {
				cell.WriteByte('"')
			} else {
				quoted = false
			}
			continue
		case quoted:
			l.keep(&cell, c, over)
			continue
		case c == '"' && fresh:
			quoted, fresh = true, false
			continue
		case c == l.comma:
			end()
			continue
		case c == '\r':
			l.peek('\n')
			end()
		case c == '\n':
			end()
		default:
			if c != ' ' {
				fresh = false
			}
			l.keep(&cell, c, over)
			continue
		}
		break
	}
	if over {
		return nil, errLineTooLong
	}
	return cells, nil
}

// peek takes the next character if it is c.
func (l *lines) peek(c byte) bool {
	b, err := l.in.Peek(1)
	if err != nil || b[0] != c {
		return false
	}
	_, err = l.in.Discard(1)
	return err == nil
}

// keep adds a character without the ones that no database takes or that only upset a reader (faults.md A11, V6).
func (l *lines) keep(cell *strings.Builder, c rune, over bool) {
	if c = cleanRune(c); c >= 0 && !over {
		cell.WriteRune(c)
	}
}

// clean drops from a cell what cleanRune drops.
func clean(s string) string { return strings.Map(cleanRune, strings.ToValidUTF8(s, "?")) }

// cleanRune is -1 for control characters, byte order marks and marks of writing direction; line breaks inside a cell are spaces.
func cleanRune(c rune) rune {
	switch {
	case c == '\n' || c == '\r' || c == '\t' || c == 0xA0:
		return ' '
	case c < ' ' || c >= 0x7F && c < 0xA0 || c == 0xFEFF || c >= 0x200B && c <= 0x200F || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069:
		return -1
	case c == utf8.RuneError:
		return '?'
	}
	return c
}
