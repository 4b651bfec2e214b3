package roster

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var (
	bomUTF8    = []byte{0xEF, 0xBB, 0xBF}
	bomUTF16LE = []byte{0xFF, 0xFE}
	bomUTF16BE = []byte{0xFE, 0xFF}
)

// decoded reads a text file as UTF-8 whatever a spreadsheet wrote it in: a byte order mark decides, else every second byte
// being zero, else whether the whole file is valid UTF-8; what remains is Windows-1252. Looking at a first part only would
// misread a file whose first foreign letter comes late.
func decoded(file io.ReaderAt, size int64) (func() io.Reader, error) {
	head := make([]byte, min(size, 4096))
	if _, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	plain := func(from int64) io.Reader { return io.NewSectionReader(file, from, size-from) }
	utf16 := func(from int64, order unicode.Endianness) func() io.Reader {
		return func() io.Reader {
			return transform.NewReader(plain(from), unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder())
		}
	}
	switch {
	case bytes.HasPrefix(head, bomUTF8):
		return func() io.Reader { return plain(3) }, nil
	case bytes.HasPrefix(head, bomUTF16LE):
		return utf16(2, unicode.LittleEndian), nil
	case bytes.HasPrefix(head, bomUTF16BE):
		return utf16(2, unicode.BigEndian), nil
	}
	if order, ok := wide(head); ok {
		return utf16(0, order), nil
	}
	valid, err := validUTF8(plain(0))
	if err != nil {
		return nil, err
	}
	if valid {
		return func() io.Reader { return plain(0) }, nil
	}
	return func() io.Reader { return transform.NewReader(plain(0), charmap.Windows1252.NewDecoder()) }, nil
}

// wide recognises UTF-16 without a mark by where the zero bytes of mostly Latin text stand.
func wide(head []byte) (unicode.Endianness, bool) {
	var even, odd int
	for i, b := range head {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	pairs := len(head) / 2
	switch {
	case pairs >= 4 && odd*10 >= pairs*8 && even*10 < pairs:
		return unicode.LittleEndian, true
	case pairs >= 4 && even*10 >= pairs*8 && odd*10 < pairs:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

func validUTF8(r io.Reader) (bool, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		c, size, err := in.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, err
		case c == utf8.RuneError && size == 1:
			return false, nil
		}
	}
}
