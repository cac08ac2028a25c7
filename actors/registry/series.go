package registry

import (
	"cmp"
	"iter"
	"slices"
)

// series holds values in the order of their numbers. Numbers are given in rising order, values go in any order. Taking
// one out costs O(log n) on average, whatever the order, and the memory is within a factor of what is held. The zero value
// is empty.
type series[T any] struct {
	slots []slot[T]
	head  int // the first slot with a value
	holes int // slots without one
}

type slot[T any] struct {
	number uint64
	value  *T // nil for one that was taken out
}

func (s *series[T]) len() int { return len(s.slots) - s.holes }

// add puts a value at the end. The number is above all that were added before.
func (s *series[T]) add(number uint64, value *T) {
	s.slots = append(s.slots, slot[T]{number: number, value: value})
}

// remove takes a value out, if it is there.
func (s *series[T]) remove(number uint64) {
	i := s.find(number)
	if i == len(s.slots) || s.slots[i].number != number || s.slots[i].value == nil {
		return
	}
	s.slots[i].value = nil
	s.holes++
	for s.head < len(s.slots) && s.slots[s.head].value == nil {
		s.head++
	}
	if s.holes <= len(s.slots)/2 {
		return
	}
	left := make([]slot[T], 0, s.len()) // in a place of its own, so that the old one goes
	for _, slot := range s.slots[s.head:] {
		if slot.value != nil {
			left = append(left, slot)
		}
	}
	*s = series[T]{slots: left}
}

// first returns the value with the lowest number, nil when there is none.
func (s *series[T]) first() *T {
	if s.head == len(s.slots) {
		return nil
	}
	return s.slots[s.head].value
}

// after returns all values with a higher number, in their order. The series must not change meanwhile.
func (s *series[T]) after(number uint64) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := max(s.find(number), s.head); i < len(s.slots); i++ {
			if s.slots[i].number > number && s.slots[i].value != nil && !yield(s.slots[i].value) {
				return
			}
		}
	}
}

// find returns the place of the first number that is not below the given one.
func (s *series[T]) find(number uint64) int {
	i, _ := slices.BinarySearchFunc(s.slots, number, func(s slot[T], number uint64) int { return cmp.Compare(s.number, number) })
	return i
}
