package main

import "slices"

// table is every mutant.
func table() []*mutant {
	return slices.Concat(money(), streams(), session(), resumes(), inventories(), observers(), limits(), children())
}

const (
	ledger  = "budget/ledger.go"
	moneyGo = "actors/job/money.go"
	grantGo = "budget/grant.go"
	permits = "lease/permits.go"
)

// booking is the line of the ledger that takes a cost off a counter.
const booking = "counter.Remaining, _ = counter.Remaining.Sub(cost)"

// money is what can be wrong with §9.3 and §9.6.
func money() []*mutant {
	return []*mutant{
		{name: "counters in float64", clause: "9.6", least: 10, edits: []edit{
			{ledger, `import (
	"slices"`, `import (
	"slices"
	"strconv"`},
			{ledger, booking, `counter.Remaining = func() Amount {
			before, _ := strconv.ParseFloat(counter.Remaining.String(), 64)
			value, _ := strconv.ParseFloat(cost.String(), 64)
			after, _ := ParseAmount(strconv.FormatFloat(before-value, 'g', -1, 64))
			return after
		}()`},
		}},
		{name: "costs in micro-units", clause: "9.6", least: 3, edits: []edit{
			{ledger, booking, `counter.Remaining, _ = counter.Remaining.Sub(func() Amount {
			text := cost.String()
			if point := strings.IndexByte(text, '.'); point >= 0 && len(text) > point+7 {
				text = text[:point+7]
			}
			micro, _ := ParseAmount(text)
			return micro
		}())`},
		}},
		{name: "a counter below 0 is clamped", clause: "9.6", least: 1, warns: true, edits: []edit{
			{ledger, booking, `if counter.Remaining, _ = counter.Remaining.Sub(cost); counter.Remaining.Sign() < 0 {
			counter.Remaining = Amount{}
		}`},
		}},
		{name: "a cost beyond what is left is not booked", clause: "9.6", least: 1, edits: []edit{
			{ledger, booking, `if counter.Remaining.Cmp(cost) >= 0 {
			counter.Remaining, _ = counter.Remaining.Sub(cost)
		}`},
		}},
		{name: "only the first currency is checked", clause: "9.6", least: 2, edits: []edit{
			{ledger, "for i := range a.counters {", "for i := range min(1, len(a.counters)) {"},
		}},
		{name: "a counter at exactly 0 still allows", clause: "9.6", least: 10, edits: []edit{
			{ledger, "Remaining.Sign() <= 0", "Remaining.Sign() < 0"},
		}},
		{name: "negative costs are booked", clause: "9.6", least: 3, edits: []edit{
			{ledger, "if cost.Sign() < 0 {", "if false {"},
			{moneyGo, "if amount.Sign() < 0 {", "if false {"},
		}},
		{name: "the runtime's own gauge is charged", clause: "9.6", least: 5, edits: []edit{
			{moneyGo, "t.gauge(question.currency, in.Remaining)", "t.gauge(question.currency, in.Remaining)\n" +
				"\t\tt.do(BookCost{Call: in.Call, Currency: question.currency, Amount: in.Remaining})"},
		}},
		{name: "a cost needs no dot in its name", clause: "9.6", least: 2, edits: []edit{
			{moneyGo, `costPrefix  = "cost."`, `costPrefix  = "cost"`},
		}},
		{name: "a refused charge is booked", clause: "9.6", least: 1, edits: []edit{
			{ledger, "return Amount{}, false, &Overspend{", "own.decrement(currency, cost)\n\t\t\treturn Amount{}, false, &Overspend{"},
		}},
		{name: "fetching is free", clause: "9.6", least: 3, edits: []edit{
			{moneyGo, "case !t.budgeted():\n\t\tt.reply(in.Call, nil)",
				"case !t.budgeted() || in.Operation.Namespace == \"net.fetch\":\n\t\tt.reply(in.Call, nil)"},
		}},
		{name: "BUDGET_EXHAUSTED is retryable", clause: "9.6", least: 10, edits: []edit{
			{"protocol/errors.go", "{code: BudgetExhausted, pinned: true},", "{code: BudgetExhausted, retryable: true, pinned: true},"},
		}},
		{name: "amounts are trimmed", clause: "9.6", least: 2, edits: []edit{
			{grantGo, `currency, decimal, found := strings.Cut(text, ":")`,
				`currency, decimal, found := strings.Cut(strings.ReplaceAll(text, " ", ""), ":")`},
		}},
		{name: "a sign is part of an amount", clause: "9.6", least: 1, edits: []edit{
			{grantGo, "whole, rest := digits(text)", `whole, rest := digits(strings.TrimPrefix(text, "+"))`},
			{grantGo, "if text[0] == '+' || text[0] == '-' {", "if text[0] == '-' {"},
		}},
		{name: "the lease is not enforced", clause: "9.3", least: 10, edits: []edit{
			{permits, "language := op.Namespace.dialect()", "return nil\n\tlanguage := op.Namespace.dialect()"},
		}},
		{name: "reading allows writing", clause: "9.3", least: 1, edits: []edit{
			{permits, "patterns := l.grants[op.Namespace]", "patterns := l.grants[op.Namespace]\n" +
				"\tif op.Namespace == FSWrite {\n\t\tpatterns = append(patterns[:len(patterns):len(patterns)], l.grants[FSRead]...)\n\t}"},
		}},
		{name: "a denial says INVALID_REQUEST", clause: "9.3", least: 10, edits: []edit{
			{moneyGo, "protocol.NewError(protocol.PermissionDenied, err.Error())", "invalid(err.Error())"},
		}},
	}
}
