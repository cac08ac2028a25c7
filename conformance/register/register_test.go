package register_test

import (
	"regexp"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/register"
)

func TestTheTableIsSound(t *testing.T) {
	t.Parallel()
	all := register.All()
	if len(all) != 148 {
		t.Errorf("%d rows, want 148: rows are added, never taken away or numbered anew", len(all))
	}
	id := regexp.MustCompile(`^R(\d+(?:\.\d+)?)-\d+$`)
	said := map[string]string{}
	for _, r := range all {
		m := id.FindStringSubmatch(r.ID)
		if m == nil || m[1] != r.Section {
			t.Errorf("%s in section %q", r.ID, r.Section)
		}
		switch r.Level {
		case register.Must, register.MustNot, register.Should, register.May, register.Impl:
		default:
			t.Errorf("%s: level %q", r.ID, r.Level)
		}
		if !regexp.MustCompile(`^[RCB]$`).MatchString(r.Party) {
			t.Errorf("%s: party %q", r.ID, r.Party)
		}
		if !regexp.MustCompile(`^(wire|agent|two|time|restart|ops|client)$`).MatchString(r.Seen) {
			t.Errorf("%s: seen %q", r.ID, r.Seen)
		}
		if other, twice := said[r.Statement]; twice {
			t.Errorf("%s says the same as %s", r.ID, other)
		}
		said[r.Statement] = r.ID
		if got, ok := register.Lookup(r.ID); !ok || got != r {
			t.Errorf("Lookup(%s) = %+v, %v", r.ID, got, ok)
		}
	}
	if _, ok := register.Lookup("R9.6-99"); ok {
		t.Error("a row that does not exist was found")
	}
}

func TestLevelsThatBind(t *testing.T) {
	t.Parallel()
	for level, want := range map[register.Level]bool{
		register.Must: true, register.MustNot: true, register.Impl: true, register.Should: false, register.May: false,
	} {
		if level.Binding() != want {
			t.Errorf("%s: binding %v", level, !want)
		}
	}
}
