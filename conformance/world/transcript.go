package world

import (
	"fmt"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// Brief is a short form of m for reports: its frame, cut to 240 characters.
func Brief(m wire.Message) string { return shorten(string(m.Raw), 240) }

func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && s[cut]&0xC0 == 0x80 { // not inside a character
		cut--
	}
	return fmt.Sprintf("%s… (%d bytes)", s[:cut], len(s))
}

// Transcript is every frame as one line with time, connection, direction and text. Long frames are shortened, secrets
// are taken out. With more than max lines, the middle is left out; 0 is all.
func (w *World) Transcript(max int) []string {
	messages := w.Messages()
	var start time.Time
	if len(messages) > 0 {
		start = messages[0].At
	}
	var lines []string
	for i, m := range messages {
		if max > 0 && len(messages) > max && i >= max/2 && i < len(messages)-max/2 {
			if i == max/2 {
				lines = append(lines, fmt.Sprintf("… %d frames left out …", len(messages)-2*(max/2)))
			}
			continue
		}
		arrow := "→"
		if m.Dir == wire.Received {
			arrow = "←"
		}
		text := shorten(w.Redact(string(m.Raw)), 480)
		lines = append(lines, fmt.Sprintf("%9.3fs %s %s %s", m.At.Sub(start).Seconds(), m.Conn, arrow, text))
	}
	return lines
}

// redacted stands where a secret was.
const redacted = "[redacted]"

// Redact takes every secret that the scenario knows of out of text.
func (w *World) Redact(text string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range w.secrets {
		text = strings.ReplaceAll(text, s, redacted)
	}
	return text
}

// secret keeps a value out of reports. Very short ones stay: they would tear ordinary words.
func (w *World) secret(value string) {
	if len(value) < 4 {
		return
	}
	w.secrets[value] = struct{}{}
	if quoted, err := marshal(value); err == nil { // as it stands inside JSON text
		w.secrets[string(quoted[1:len(quoted)-1])] = struct{}{}
	}
}

// learn takes note of the secrets that a frame carries: tokens, and the values of credentials (§14).
func (w *World) learn(m wire.Message) {
	w.secret(m.Text("payload", "auth", "token"))
	w.secret(m.Text("payload", "resume_token"))
	list, _ := m.Lookup("payload", "credentials")
	credentials, _ := list.([]any)
	for _, c := range credentials {
		v, _ := wire.Lookup(c, "value")
		s, _ := v.(string)
		w.secret(s)
	}
	if m.Text("payload", "body", "phase") == "credential_rotated" { // §9.8: the body carries the new value
		w.secret(m.Text("payload", "body", "value"))
		w.secret(m.Text("payload", "body", "credential", "value"))
	}
}
