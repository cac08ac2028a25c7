package budget_test

import (
	"math/big"
	"testing"

	"github.com/cockroachdb/apd/v3"

	"github.com/arcp-conformance/arcp/budget"
)

// The benchmarks of an amount have a run for each way to hold one, so that ratios come from one run.

// costTexts are a usual cost, the price of a token, and what a float64 prints.
var costTexts = []struct{ name, text string }{
	{"usual", "0.0234"}, {"token", "0.00000015"}, {"float", "4.4999999999999993e-07"},
}

// exact is apd as it is exact: whatever would round is an error.
func exact() *apd.Context {
	return &apd.Context{
		Precision: 80, MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent,
		Traps: apd.DefaultTraps | apd.Inexact | apd.Rounded | apd.Subnormal | apd.Clamped,
	}
}

func BenchmarkParse(b *testing.B) {
	context := exact()
	for _, c := range costTexts {
		b.Run(c.name+"/amount", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := budget.ParseAmount(c.text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+"/apd", func(b *testing.B) {
			b.ReportAllocs()
			var d apd.Decimal
			for b.Loop() {
				if _, _, err := context.SetString(&d, c.text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+"/rat", func(b *testing.B) {
			b.ReportAllocs()
			var r big.Rat
			for b.Loop() {
				if _, ok := r.SetString(c.text); !ok {
					b.Fatal("not a number")
				}
			}
		})
	}
}

// BenchmarkCount takes a cost off a counter and looks at the sign: what each cost event does.
func BenchmarkCount(b *testing.B) {
	context := exact()
	for _, c := range costTexts {
		b.Run(c.name+"/amount", func(b *testing.B) {
			b.ReportAllocs()
			left, cost := amount(b, "1000000"), amount(b, c.text)
			for b.Loop() {
				var err error
				if left, err = left.Sub(cost); err != nil || left.Sign() == 0 {
					b.Fatal(left, err)
				}
			}
		})
		b.Run(c.name+"/apd", func(b *testing.B) {
			b.ReportAllocs()
			left, cost := apd.New(1000000, 0), new(apd.Decimal)
			if _, _, err := context.SetString(cost, c.text); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := context.Sub(left, left, cost); err != nil || left.Sign() == 0 {
					b.Fatal(left, err)
				}
			}
		})
		b.Run(c.name+"/rat", func(b *testing.B) {
			b.ReportAllocs()
			left := big.NewRat(1000000, 1)
			cost, _ := new(big.Rat).SetString(c.text)
			for b.Loop() {
				if left.Sub(left, cost).Sign() == 0 {
					b.Fatal(left)
				}
			}
		})
	}
}

// BenchmarkText writes a counter as the wire shows it.
func BenchmarkText(b *testing.B) {
	context := exact()
	for _, c := range costTexts {
		b.Run(c.name+"/amount", func(b *testing.B) {
			b.ReportAllocs()
			a := amount(b, c.text)
			for b.Loop() {
				_ = a.String()
			}
		})
		b.Run(c.name+"/apd", func(b *testing.B) {
			b.ReportAllocs()
			d := new(apd.Decimal)
			if _, _, err := context.SetString(d, c.text); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				_ = d.Text('f')
			}
		})
		b.Run(c.name+"/rat", func(b *testing.B) {
			b.ReportAllocs()
			r, _ := new(big.Rat).SetString(c.text)
			for b.Loop() {
				_ = r.FloatString(40)
			}
		})
	}
}

// BenchmarkLedger does what a budget actor does for each message: with one job, and at the end of a line of four.
func BenchmarkLedger(b *testing.B) {
	root := open(b, "USD:100000000000000000000", "credits:1000000")
	deep := open(b, "USD:100000000000000000000", "credits:1000000")
	for _, line := range [][2]string{{"root", "a"}, {"a", "b"}, {"b", "leaf"}} {
		delegate(b, deep, line[0], line[1], "USD:10000000000000000000", "credits:1000000")
	}
	for _, c := range []struct {
		name, job string
		ledger    *budget.Ledger[string]
	}{{"one", "root", root}, {"four", "leaf", deep}} {
		cost := amount(b, "0.00000015")
		b.Run("Report/"+c.name, func(b *testing.B) { benchmarkBook(b, c.ledger.Report, c.job, cost) })
		b.Run("Charge/"+c.name, func(b *testing.B) { benchmarkBook(b, c.ledger.Charge, c.job, cost) })
		b.Run("Authorise/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.ledger.Authorise(c.job); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("Delegate/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			grants := []budget.Grant{grant(b, "USD:1"), grant(b, "credits:1")}
			for b.Loop() {
				if err := c.ledger.Delegate(c.job, "child", grants); err != nil {
					b.Fatal(err)
				}
				c.ledger.Forget("child")
			}
		})
	}
}

func benchmarkBook(b *testing.B, book book, job string, cost budget.Amount) {
	b.ReportAllocs()
	for b.Loop() {
		if _, booked, err := book(job, "USD", cost); !booked || err != nil {
			b.Fatal(booked, err)
		}
	}
}
