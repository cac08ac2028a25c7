package transport

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lineReader cuts an input into lines of a bounded length.
type lineReader struct {
	in    *bufio.Reader
	limit int
	ended bool // a terminal would begin anew when asked again
}

func newLineReader(in io.Reader, limit int) *lineReader {
	return &lineReader{in: bufio.NewReader(in), limit: limit}
}

// next gives the next line that is not empty, without its end. The error is io.EOF after the last.
func (r *lineReader) next() ([]byte, error) {
	for {
		text, err := r.line()
		if err != nil || len(text) > 0 {
			return text, err
		}
	}
}

// line gives one line, which may be empty. What stands before the end of the input is a line as well; what stands
// before a failure is not.
func (r *lineReader) line() ([]byte, error) {
	var text []byte
	for !r.ended {
		part, err := r.in.ReadSlice('\n')
		text = append(text, part...)
		if len(text) > r.limit+len("\r\n") {
			return nil, &FrameError{Fault: FrameTooLarge, Limit: r.limit}
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF:
			r.ended = true
		case err != nil:
			return nil, broke(err)
		default:
			text = bytes.TrimSuffix(text[:len(text)-1], []byte{'\r'})
		}
		switch {
		case len(text) > r.limit:
			return nil, &FrameError{Fault: FrameTooLarge, Limit: r.limit}
		case len(text) > 0 || !r.ended:
			return text, nil
		}
	}
	return nil, io.EOF
}
