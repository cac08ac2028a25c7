package protocol_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/protocol"
)

func TestTimesAreWrittenAsTheDraftShows(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 2*60*60)
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 5, 13, 19, 50, 0, 0, time.UTC), "2026-05-13T19:50:00.000Z"},
		{time.Date(2026, 5, 13, 1, 0, 0, 0, east), "2026-05-12T23:00:00.000Z"},
		{time.Date(2026, 5, 13, 19, 50, 0, 999_999_999, time.UTC), "2026-05-13T19:50:00.999Z"},
	} {
		if got := protocol.FormatTime(c.at); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestTimesAreRead(t *testing.T) {
	t.Parallel()
	whole := time.Date(2026, 5, 13, 19, 50, 0, 0, time.UTC)
	for _, c := range []struct {
		text string
		want time.Time
		utc  bool
	}{
		{"2026-05-13T19:50:00Z", whole, true},
		{"2026-05-13T19:50:00.5Z", whole.Add(time.Second / 2), true},
		{"2026-05-13T19:50:00.123456789Z", whole.Add(123456789), true},
		{"2026-05-13T21:50:00+02:00", whole, false},
		{"2026-05-13T19:50:00+00:00", whole, false},
		{"2026-05-13T19:50:00-00:00", whole, false},
		{"2026-05-12T19:51:00-23:59", whole, false},
		{"2024-02-29T00:00:00Z", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), true},
	} {
		got, err := protocol.ParseTime(c.text)
		if err != nil || !got.Equal(c.want) || got.Location() != time.UTC {
			t.Errorf("%s is %v, %v, want %v", c.text, got, err, c.want)
		}
		// §9.5: an expires_at ends in Z.
		if got, err := protocol.ParseUTC(c.text); (err == nil) != c.utc || c.utc && !got.Equal(c.want) {
			t.Errorf("as an expires_at, %s is %v, %v", c.text, got, err)
		}
	}
}

func TestWhatIsNoTime(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "now", "2026-05-13", "19:50:00Z", "2026-05-13T19:50:00", "2026-05-13 19:50:00Z", "2026-05-13T19:50Z",
		"2026-5-13T19:50:00Z", "2026-05-13T9:50:00Z", "2026-05-13T19:50:00,5Z", "2026-05-13T19:50:00.Z", "2026-05-13t19:50:00Z",
		"2026-05-13T19:50:00z", "2026-05-13T24:00:00Z", "2026-02-30T00:00:00Z", "2026-05-13T19:60:00Z", "2026-05-13T19:50:00+0200",
		"2026-05-13T19:50:00+02", "2026-05-13T19:50:00+24:00", "2026-05-13T19:50:00-23:60", "2026-05-13T19:50:00Z ",
		" 2026-05-13T19:50:00Z", "2026-05-13T19:50:00ZZ", "02026-05-13T19:50:00Z", "-2026-05-13T19:50:00Z", "1747165800",
	} {
		for name, parse := range map[string]func(string) (time.Time, *protocol.Error){
			"ParseTime": protocol.ParseTime, "ParseUTC": protocol.ParseUTC,
		} {
			if got, err := parse(text); err == nil || err.Code != protocol.InvalidRequest || !got.IsZero() {
				t.Errorf("%s(%q) = %v, %v, want INVALID_REQUEST", name, text, got, err)
			}
		}
	}
}

func TestTimesReadBack(t *testing.T) {
	t.Parallel()
	last := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, last).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		got, err := protocol.ParseUTC(protocol.FormatTime(at))
		if err != nil || !got.Equal(at.Truncate(time.Millisecond)) {
			t.Fatalf("%v is read back as %v, %v", at, got, err)
		}
	})
}
