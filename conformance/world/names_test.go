package world_test

import (
	"testing"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
)

func TestAConnectionHasItsNameInTheTranscriptForItself(t *testing.T) {
	t.Parallel()
	w := against(t, fakepeer.Honest(), nil)
	for _, want := range []string{"A", "A#2", "A#3"} {
		c := session(t, w)
		messages := w.Messages()
		if got := messages[len(messages)-1].Conn; got != want || c.Name() != want {
			t.Errorf("the transcript says %q, the client %q, want %q", got, c.Name(), want)
		}
		w.Forget("A")
	}
}
