package process

import "sync"

// tailSize is how much of a child's output is kept, in bytes.
const tailSize = 64 << 10

// Tail keeps the last 64 KiB written to it. The zero value is ready; it is safe for concurrent use.
type Tail struct {
	mu   sync.Mutex
	buf  []byte
	lost bool
}

// Write never fails.
func (t *Tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - tailSize; over > 0 {
		t.buf = append([]byte(nil), t.buf[over:]...)
		t.lost = true
	}
	return len(p), nil
}

// String is what was kept; a leading ellipsis says that there was more.
func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost {
		return "…" + string(t.buf)
	}
	return string(t.buf)
}
