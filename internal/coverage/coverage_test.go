package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

const root = "../.."

// TestEveryRequirementOfARuntimeIsShownOrExcused holds the register against what there is.
func TestEveryRequirementOfARuntimeIsShownOrExcused(t *testing.T) {
	t.Parallel()
	list, err := collect(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 140 {
		t.Errorf("%d requirements", len(list))
	}
	for _, e := range list {
		switch {
		case e.row.Party == "C":
		case !e.shown() && e.reason == "":
			t.Errorf("%s (%s): nothing shows it, and reasons.txt says no reason", e.row.ID, e.row.Statement)
		case e.shown() && e.reason != "":
			t.Errorf("%s is shown: take it out of reasons.txt", e.row.ID)
		}
	}
}

func TestThePageIsCurrent(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	if err := write(&want, os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(root + "/docs/COVERAGE.md")
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("docs/COVERAGE.md is not current (%v): go run ./internal/coverage > docs/COVERAGE.md", err)
	}
	if strings.Count(want.String(), "arcp-9.6-") == 0 {
		t.Error("no scenario of §9.6 is in it")
	}
}
