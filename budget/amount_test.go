package budget_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/arcp-conformance/arcp/budget"
)

func TestOneNumberIsOneAmount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		texts []string
	}{
		{"zero", []string{"0", "-0", "0.0", "-0.00", "0e7", "0E-40"}},
		{"five", []string{"5", "5.0", "5.00", "5e0", "0.5e1", "50e-1", "500E-2"}},
		{"one token", []string{"0.00000015", "1.5e-7", "15e-8", "0.15E-6", "1.5e-007"}},
		{"large", []string{"1e23", "100000000000000000000000", "0.1e24"}},
	} {
		first := amount(t, c.texts[0])
		for _, text := range c.texts[1:] {
			other := amount(t, text)
			if other != first || !other.Equal(first) || other.Cmp(first) != 0 || other.String() != first.String() {
				t.Errorf("%s: %s is %v, %s is %v", c.name, c.texts[0], first, text, other)
			}
			if seen := map[budget.Amount]bool{first: true}; !seen[other] {
				t.Errorf("%s: %s and %s are two keys of a map", c.name, c.texts[0], text)
			}
		}
	}
}

func TestOrderAndSign(t *testing.T) {
	t.Parallel()
	rising := []string{
		"-" + nines(24), "-5", "-0.12", "-1e-40", "0", "1e-40", "0.00000044999999999999993", "0.00000045", "0.1", "1", "1e23", nines(24),
	}
	for i, left := range rising {
		a := amount(t, left)
		if want := sign(i - 4); a.Sign() != want || a.Neg().Sign() != -want || a.IsZero() != (want == 0) {
			t.Errorf("%s: Sign() = %d, want %d", left, a.Sign(), want)
		}
		for j, right := range rising {
			if got, want := a.Cmp(amount(t, right)), sign(i-j); got != want {
				t.Errorf("(%s).Cmp(%s) = %d, want %d", left, right, got, want)
			}
		}
	}
}

func sign(n int) int { return max(-1, min(n, 1)) }

func TestAmountsInJSON(t *testing.T) {
	t.Parallel()
	doc := struct {
		Left map[string]budget.Amount `json:"left"`
		Zero budget.Amount            `json:"zero"`
	}{Left: map[string]budget.Amount{"USD": amount(t, "-0.12"), "EUR": amount(t, "4.4999999999999993e-07")}}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"left":{"EUR":0.00000044999999999999993,"USD":-0.12},"zero":0}`
	if string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

// largest returns the largest amount that there is: 1, 2, 4... units added up until no more fit.
func largest(t *testing.T) budget.Amount {
	t.Helper()
	var top budget.Amount
	power := amount(t, "1e-40")
	for range 1000 {
		higher, err := top.Add(power)
		if err != nil {
			t.Fatal(err)
		}
		top = higher
		if power, err = power.Add(power); err != nil {
			return top
		}
	}
	t.Fatal("amounts do not end")
	return top
}

// Sums may leave the limits of ParseAmount; where the representation ends, an error says so and nothing wraps.
func TestTheRangeEndsWithAnError(t *testing.T) {
	t.Parallel()
	least, top := amount(t, "1e-40"), largest(t)
	var beyond *budget.RangeError
	if got, err := top.Add(least); !errors.As(err, &beyond) || !got.IsZero() {
		t.Errorf("the largest amount + 1e-40 = %v, %v; want a *RangeError", got, err)
	}
	if *beyond != (budget.RangeError{A: top, B: least, Operation: "+"}) {
		t.Errorf("the error says %v", beyond)
	}
	// What can be held can be negated, and its negative is held like any other amount.
	bottom := top.Neg()
	if got := bottom.String(); got != "-"+top.String() || bottom.Neg() != top || bottom.Sign() != -1 {
		t.Errorf("the negative of %v is %v", top, got)
	}
	if got, err := bottom.Add(budget.Amount{}); err != nil || got != bottom {
		t.Errorf("the smallest amount + 0 = %v, %v", got, err)
	}
	if got, err := bottom.Sub(least); !errors.As(err, &beyond) || beyond.Operation != "-" {
		t.Errorf("the smallest amount - 1e-40 = %v, %v; want a *RangeError", got, err)
	}
	if got, err := top.Add(bottom); err != nil || !got.IsZero() {
		t.Errorf("largest + smallest = %v, %v", got, err)
	}
}
