package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestRunKeepsToItsStreams(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args        []string
		status      int
		out, errOut string
	}{
		{[]string{"version"}, 0, "ARCP 1.1", ""},
		{[]string{"vresion"}, 2, "", "did you mean version?"},
		{[]string{"conformance", "--id", "arcp-6.1-01", "--json", "-"}, 0, `"conforms": true`, "conforms, as far"},
	} {
		var out, errOut bytes.Buffer
		status := run(tc.args, strings.NewReader(""), &out, &errOut)
		if status != tc.status || !strings.Contains(out.String(), tc.out) || !strings.Contains(errOut.String(), tc.errOut) {
			t.Errorf("%q: exit status %d\nstdout: %s\nstderr: %s", tc.args, status, &out, &errOut)
		}
	}
}

// TestOnlyMainKnowsTheProcessStreams holds what the test above rests on.
func TestOnlyMainKnowsTheProcessStreams(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	direct := regexp.MustCompile(`os\.Std(in|out|err)|fmt\.Print|\blog\.Print`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file != "main.go" && !strings.HasSuffix(file, "_test.go") && direct.Match(text) {
			t.Errorf("%s uses %s", file, direct.Find(text))
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"section", "section", 0}, {"sectoin", "section", 2}, {"json", "junit", 4}, {"ids", "id", 1}} {
		if got := distance(tc.a, tc.b); got != tc.want || distance(tc.b, tc.a) != got {
			t.Errorf("distance(%q, %q) = %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.9.9.9": true, "::1": true, "localhost": true,
		"": false, "0.0.0.0": false, "::": false, "192.0.2.1": false, "example.org": false, "127.0.0.1.example.org": false,
	} {
		if got := loopback(host); got != want {
			t.Errorf("loopback(%q) = %v", host, got)
		}
	}
}
