package channels

import (
	"errors"
	"fmt"
	"io"
)

// ErrTooBig is a file beyond the limit. Nothing useful was written.
var ErrTooBig = errors.New("the file is too big")

// Copy writes what a provider gives of a file to w, and stops with ErrTooBig beyond limit bytes, whatever it said of the size.
func Copy(w io.Writer, r io.Reader, limit int64) error {
	n, err := io.Copy(w, io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return fmt.Errorf("file: %w", err)
	case n > limit:
		return ErrTooBig
	}
	return nil
}
