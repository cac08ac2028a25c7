package actors

import "time"

// alarm wakes an actor at its machine's deadline. It belongs to one actor and is used in its turns only.
type alarm struct {
	ring  func() // tells the actor a Tick; called by the timer's goroutine
	timer *time.Timer
	at    time.Time // when the timer fires; zero when it does not
}

// set moves the alarm; the zero time switches it off. A timer that fires too early does no harm, since a machine looks at
// the clock itself, so a deadline that only moved back costs nothing here.
func (a *alarm) set(now, deadline time.Time) {
	switch {
	case deadline.IsZero():
		a.stop()
		return
	case !a.at.IsZero() && !deadline.Before(a.at):
		return
	}
	a.at = deadline
	if a.timer == nil {
		a.timer = time.AfterFunc(deadline.Sub(now), a.ring)
		return
	}
	a.timer.Reset(deadline.Sub(now))
}

// rang is called in the turn of the Tick.
func (a *alarm) rang() { a.at = time.Time{} }

func (a *alarm) stop() {
	a.at = time.Time{}
	if a.timer != nil {
		a.timer.Stop()
	}
}
