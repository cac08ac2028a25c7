package registry

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSeries holds a series against a sorted list.
func TestSeries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s series[uint64]
		var model []uint64
		next := uint64(0)
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				for range rapid.IntRange(1, 9).Draw(t, "count") {
					next += rapid.Uint64Range(1, 3).Draw(t, "gap")
					value := next
					s.add(next, &value)
					model = append(model, next)
				}
			},
			"remove": func(t *rapid.T) {
				number := rapid.Uint64Range(0, next+1).Draw(t, "number")
				s.remove(number)
				model = slices.DeleteFunc(model, func(n uint64) bool { return n == number })
			},
			"remove the first": func(*rapid.T) {
				if first := s.first(); first != nil {
					s.remove(*first)
					model = model[1:]
				}
			},
			"": func(t *rapid.T) {
				if s.len() != len(model) || (s.first() == nil) != (len(model) == 0) || len(model) > 0 && *s.first() != model[0] {
					t.Fatalf("%d values from %v on, want %v", s.len(), s.first(), model)
				}
				after := rapid.Uint64Range(0, next+1).Draw(t, "after")
				var got, want []uint64
				for value := range s.after(after) {
					got = append(got, *value)
				}
				for _, number := range model {
					if number > after {
						want = append(want, number)
					}
				}
				if !slices.Equal(got, want) {
					t.Fatalf("after %d: got %v, want %v", after, got, want)
				}
				if len(s.slots) > 2*len(model) {
					t.Fatalf("%d places for %d values", len(s.slots), len(model))
				}
			},
		})
	})
}
