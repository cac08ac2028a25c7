package protocol_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/protocol"
)

func TestNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "-0", "5.00", "0.00000015", "4.4999999999999993e-07", "1E+9", "1e999", strings.Repeat("9", 64)} {
		var n protocol.Number
		if err := json.Unmarshal([]byte(text), &n); err != nil || string(n) != text || !n.Valid() {
			t.Errorf("%s is read as %q, %v", text, n, err)
		}
		if again, err := json.Marshal(n); err != nil || string(again) != text {
			t.Errorf("%s is written as %s, %v", text, again, err)
		}
	}
	n := protocol.Number("7")
	if err := json.Unmarshal([]byte("null"), &n); err != nil || n != "7" {
		t.Errorf("null makes 7 to %q, %v", n, err)
	}
}

func TestWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	for _, n := range []protocol.Number{
		"", " ", "+5", ".5", "5.", "05", "-", "1e", "1e+", "NaN", "0x1", "1_0", "1,5", "5 ", " 5", "5\n", "--1", "1-", "٣", `"5"`, "null",
		protocol.Number(strings.Repeat("9", 65)),
	} {
		if n.Valid() {
			t.Errorf("%q is valid", n)
		}
		if text, err := json.Marshal(n); err == nil {
			t.Errorf("%q is written as %s", n, text)
		}
	}
	for _, text := range []string{`"5"`, "true", "[]", "{}", strings.Repeat("9", 65)} {
		var n protocol.Number
		if err := json.Unmarshal([]byte(text), &n); err == nil {
			t.Errorf("%s is read as %q", text, n)
		}
	}
}

func TestTheSignOfANumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Custom(numberText), rapid.SampledFrom([]protocol.Number{
			"0", "-0", "0.0", "-0.000", "0e9", "-0.0E-9", "0.1", "-0.1", "1e-400", "-1e-400",
		})).Draw(t, "number")
		r, ok := new(big.Rat).SetString(string(n))
		if !ok {
			t.Fatalf("%s is no number", n)
		}
		if n.Sign() != r.Sign() {
			t.Fatalf("the sign of %s is %d", n, n.Sign())
		}
	})
}

// Where a count is due, a number is taken by its value.
func TestCountsAreWholeNumbersInAnyForm(t *testing.T) {
	t.Parallel()
	read := func(t rapid.TB, text string) (uint64, bool) {
		t.Helper()
		e, err := protocol.Decode([]byte(`{"arcp":"1.1","id":"m","type":"session.ack","payload":{"last_processed_seq":` + text + `}}`))
		if err != nil {
			return 0, false
		}
		return e.Payload.(protocol.SessionAck).LastProcessedSeq, true
	}
	for text, want := range map[string]uint64{
		"0": 0, "-0": 0, "0e99999999999999999999": 0, "5.0": 5, "5e0": 5, "50e-1": 5, "0.5e1": 5, "0.05E+2": 5, "1e3": 1000,
		"18446744073709551615": 1<<64 - 1, "18446744073709551615.0": 1<<64 - 1, "1.8446744073709551615e19": 1<<64 - 1,
	} {
		if got, ok := read(t, text); !ok || got != want {
			t.Errorf("%s is %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"-1", "0.5", "5e-1", "18446744073709551616", "1e20", "1e999999999", "1e99999999999999999999", "1e-99999999999999999999",
		"1e9223372036854775807", "1e-9223372036854775808", "100000000000000000000e-65",
	} {
		if got, ok := read(t, text); ok {
			t.Errorf("%s is %d", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.Custom(numberText).Draw(t, "number"))
		r, _ := new(big.Rat).SetString(text)
		got, ok := read(t, text)
		if want := r.IsInt() && r.Num().IsUint64(); ok != want || ok && got != r.Num().Uint64() {
			t.Fatalf("%s is %d, %v", text, got, ok)
		}
	})
}
