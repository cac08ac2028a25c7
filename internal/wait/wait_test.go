package wait_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/internal/wait"
)

func TestForWaitsTheWholeTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		if err := wait.For(t.Context(), time.Hour); err != nil {
			t.Error(err)
		}
		if waited := time.Since(begun); waited != time.Hour {
			t.Errorf("it waited %s", waited)
		}
	})
}

func TestForEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		why := errors.New("the job was cancelled")
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { stop(why) })
		begun := time.Now()
		if err := wait.For(ctx, time.Hour); !errors.Is(err, why) {
			t.Errorf("it gives %v", err)
		}
		if waited := time.Since(begun); waited != time.Second {
			t.Errorf("it waited %s", waited)
		}
	})
}
