package steps

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/features"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// table reads rows "left | right" as godog does.
func table(t *testing.T, rows ...string) *godog.Table {
	t.Helper()
	text := "Feature: F\n  Scenario: S\n    Then t:\n"
	for _, row := range rows {
		text += "      | " + row + " |\n"
	}
	suite := godog.TestSuite{Options: &godog.Options{FS: fstest.MapFS{"t.feature": {Data: []byte(text)}}, Paths: []string{"."}}}
	all, err := suite.RetrieveFeatures()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		return &godog.Table{}
	}
	return all[0].Pickles[0].Steps[0].Argument.DataTable
}

func budgetOf(amounts ...any) map[string]any { return map[string]any{"cost.budget": amounts} }

// suitesBills gives every bill of the suite, by scenario.
func suitesBills(t *testing.T, each func(p *godog.Scenario, b *bill)) {
	t.Helper()
	suite := godog.TestSuite{Options: &godog.Options{FS: features.FS(), Paths: []string{"."}}}
	all, err := suite.RetrieveFeatures()
	if err != nil {
		t.Fatal(err)
	}
	budgeted := regexp.MustCompile(`^a job of "[^"]*" with the budget (\[.*\]) goes as follows:$`)
	leased := regexp.MustCompile(`^a job of "[^"]*" under the lease (\{.*\}) goes as follows:$`)
	for _, f := range all {
		for _, p := range f.Pickles {
			for _, st := range p.Steps {
				var lease map[string]any
				if m := budgeted.FindStringSubmatch(st.Text); m != nil {
					var amounts []any
					unmarshal(t, m[1], &amounts)
					if lease = probeLease(); len(amounts) > 0 {
						lease["cost.budget"] = amounts
					}
				} else if m := leased.FindStringSubmatch(st.Text); m != nil {
					unmarshal(t, m[1], &lease)
				} else if !strings.HasSuffix(st.Text, "without a lease goes as follows:") {
					continue
				}
				b, err := newBill(lease, st.Argument.DataTable)
				if err != nil {
					t.Errorf("%s, %q: %v", p.Uri, p.Name, err)
					continue
				}
				each(p, b)
			}
		}
	}
}

func unmarshal(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// TestEveryBillAddsUp holds the tables of the feature files against exact sums: what a table wants of an operation must
// be what §9.6 says of its own numbers.
func TestEveryBillAddsUp(t *testing.T) {
	t.Parallel()
	n := 0
	suitesBills(t, func(p *godog.Scenario, b *bill) {
		n++
		if err := b.expect(); err != nil {
			t.Errorf("%s, %q: %v", p.Uri, p.Name, err)
		}
	})
	if n < 100 {
		t.Errorf("%d bills", n)
	}
}

// TestTheNumbersThatMayAccuse pins which of the suite's numbers a peer can fail by: a budget, a charge or a counter of
// more than 15 significant digits informs only, so such a bill must not stand in a binding scenario, where it would
// bind to nothing.
func TestTheNumbersThatMayAccuse(t *testing.T) {
	t.Parallel()
	beyond := map[string]bool{}
	suitesBills(t, func(p *godog.Scenario, b *bill) {
		id, level := "", ""
		for _, tag := range p.Tags {
			switch {
			case strings.HasPrefix(tag.Name, "@arcp-"):
				id = tag.Name
			case tag.Name == "@must" || tag.Name == "@should" || tag.Name == "@may":
				level = tag.Name
			}
		}
		digits := b.digits()
		if digits > exactDigits {
			beyond[id] = true
		}
		if (digits > exactDigits) != (id == "@arcp-9.6-08") || digits > exactDigits && level != "@may" {
			t.Errorf("%s %s, %q: %d significant digits", id, level, p.Name, digits)
		}
	})
	if len(beyond) != 1 {
		t.Errorf("bills beyond %d digits: %v", exactDigits, beyond)
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		budget any
		rows   []string
		want   int
	}{
		{"a counter that needs two", "USD:1.00", []string{"0.1 USD|"}, 1},
		{"the budget alone", "USD:123.456", nil, 6},
		{"zeros carry nothing", "USD:1000", []string{"0.00000015 USD|"}, 11},
		{"a counter longer than budget and charge", "USD:1000000", []string{"0.00000015 USD|"}, 14},
		{"every step of many", "USD:0.00015", []string{"999 times 0.00000015 USD|"}, 5},
		{"fifteen", "USD:0.00000045", []string{"4.49999999999999e-07 USD|"}, 15},
		{"seventeen", "USD:0.00000045", []string{"4.4999999999999993e-07 USD|"}, 17},
		{"what takes nothing off does not matter", "USD:1", []string{"metric x 4.4999999999999993 USD|not counted"}, 1},
	} {
		b, err := newBill(budgetOf(tc.budget), table(t, tc.rows...))
		if err != nil {
			t.Fatal(err)
		}
		if got := b.digits(); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}

func TestABillThatDoesNotAddUpIsTheSuitesFault(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		rows []string
		good bool
	}{
		{"exactly exhausted", []string{"9 times 0.1 USD|", "tool|allowed", "0.1 USD|", "tool|refused"}, true},
		{"refused too early", []string{"9 times 0.1 USD|", "tool|refused"}, false},
		{"allowed too late", []string{"1e0 USD|", "tool|allowed"}, false},
		{"branches are counted", []string{"2 branches of 5 times 0.1 USD|", "tool|refused"}, true},
		{"an operation without a want", []string{"tool|"}, false},
		{"another unit counts", []string{"5 EUR|"}, false},
		{"another unit does not", []string{"5 EUR|not counted", "tool|allowed"}, true},
		{"the prefix needs its dot", []string{"metric cost 5 USD|not counted", "metric cost. 1 USD|", "tool|refused"}, true},
		{"the gauge is no cost", []string{"metric cost.budget.remaining 5 USD|not counted", "tool|allowed"}, true},
		{"a negative one takes nothing", []string{"-5 USD|not counted", "1 USD|", "tool|refused"}, true},
		{"a text takes nothing", []string{`metric cost.x "5" USD|not counted`, "tool|allowed"}, true},
		{"a charge over the rest", []string{"charge 0.6 USD|", "charge 0.5 USD|refused", "tool|allowed"}, true},
		{"a charge within the rest", []string{"charge 0.6 USD|", "charge 0.4 USD|refused"}, false},
		{"a denial is the lease's matter", []string{"1 USD|", "tool x|denied"}, true},
	} {
		b, err := newBill(budgetOf("USD:1.00"), table(t, tc.rows...))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.expect(); (err == nil) != tc.good {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestBillsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]struct {
		lease map[string]any
		row   string
	}{
		"an amount":      {budgetOf("USD:x"), "tool|allowed"},
		"one twice":      {budgetOf("USD:1", "USD:2"), "tool|allowed"},
		"a want":         {budgetOf("USD:1"), "tool|perhaps"},
		"a line":         {budgetOf("USD:1"), "dance|allowed"},
		"a step":         {budgetOf("USD:1"), `{"op":|`},
		"a metric value": {budgetOf("USD:1"), "metric cost.x nothing USD|"},
	} {
		if _, err := newBill(b.lease, table(t, b.row)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestScriptsOfLines(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		"tool|allowed":      `{"args":{},"call_id":"line1","name":"conformance.tool","op":"tool"}`,
		"read /x|allowed":   `{"call_id":"line1","op":"read","path":"/x"}`,
		"fatal write|":      `{"call_id":"line1","fatal":true,"op":"write","path":"/data/in.txt"}`,
		"fetch|allowed":     `{"call_id":"line1","op":"fetch","url":"https://example.com/data"}`,
		"1.50 USD|":         `{"name":"cost.a","op":"metric","unit":"USD","value":1.50}`,
		"charge 4.5e-7 X|":  `{"name":"cost.a","op":"charge","unit":"X","value":4.5e-7}`,
		"metric cost.x 5|":  `{"name":"cost.x","op":"metric","value":5}`,
		`{"op":"x","n":1}|`: `{"n":1,"op":"x"}`,
		"2 branches of 3 times 0.10 USD|": `{"branches":2,"op":"parallel","steps":[{"op":"repeat","steps":[` +
			`{"name":"cost.a","op":"metric","unit":"USD","value":0.10}],"times":3}]}`,
	} {
		b, err := newBill(budgetOf("USD:1"), table(t, row))
		if err != nil {
			t.Fatal(err)
		}
		if got := text(b.lines[0].step); got != want {
			t.Errorf("%s: %s, want %s", row, got, want)
		}
	}
}

func TestWhatAScriptWrites(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ script, want string }{
		"text, base64 and rounds": {`[{"op":"stream_open"},{"op":"stream_write","text":"é","times":2,"piece":1},{"op":"log","message":"x"},
			{"op":"repeat","times":2,"steps":[{"op":"stream_write","text":"${i},"}]},{"op":"stream_write","base64":"AP8="}]`,
			"éé0,1,\x00\xff"},
		"nothing after the end": {`[{"op":"stream_write","text":"a"},{"op":"stream_close"},{"op":"stream_write","text":"b"}]`, "a"},
		"the contract's noise":  {`[{"op":"stream_write","generate":{"seed":"a","size":3}}]`, "\x0e\xd3\x2d"},
		"nothing":               {`[]`, ""},
	} {
		var steps any
		dec := json.NewDecoder(strings.NewReader(tc.script))
		dec.UseNumber()
		if err := dec.Decode(&steps); err != nil {
			t.Fatal(err)
		}
		if got, err := written(steps); err != nil || string(got) != tc.want {
			t.Errorf("%s: %q, want %q (%v)", name, got, tc.want, err)
		}
	}
	if n := len(generated("volume", 8<<20)); n != 8<<20 {
		t.Errorf("%d bytes", n)
	}
	if _, err := written([]any{map[string]any{"op": "stream_write"}}); err == nil {
		t.Error("a write of nothing was taken")
	}
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"1.50": "1.5", "1e3": "1000", "4.5e-7": "0.00000045", "-0.120": "-0.12", "0.0": "0"} {
		v, ok := wire.Decimal(json.Number(text))
		if !ok || decimal(v) != want {
			t.Errorf("%s: %s", text, decimal(v))
		}
	}
	if got := decimal(big.NewRat(1, 3)); !strings.HasPrefix(got, "about 0.333") {
		t.Error(got)
	}
}
