package budget_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/arcp-conformance/arcp/budget"
)

// cost reads an amount of which it is known that it is one.
func cost(text string) budget.Amount {
	a, err := budget.ParseAmount(text)
	if err != nil {
		panic(err)
	}
	return a
}

// A job with two budgets: one exhausted counter ends it all (§9.6).
func Example() {
	var grants []budget.Grant
	for _, text := range []string{"USD:1.00", "credits:1000"} {
		grant, err := budget.ParseGrant(text)
		if err != nil {
			panic(err)
		}
		grants = append(grants, grant)
	}
	ledger, err := budget.New("job_1", grants)
	if err != nil {
		panic(err)
	}
	for _, text := range []string{"0.7", "0.2", "0.1"} {
		fmt.Println("authorised:", ledger.Authorise("job_1") == nil)
		left, _, _ := ledger.Report("job_1", "USD", cost(text))
		fmt.Println(text, "spent,", left, "left")
	}
	fmt.Println(ledger.Authorise("job_1"))
	// Output:
	// authorised: true
	// 0.7 spent, 0.3 left
	// authorised: true
	// 0.2 spent, 0.1 left
	// authorised: true
	// 0.1 spent, 0 left
	// budget: USD is exhausted: 0 remaining
}

func ExampleParseAmount() {
	a, err := budget.ParseAmount("4.4999999999999993e-07")
	fmt.Println(a, err)
	_, err = budget.ParseAmount("1e999999999")
	fmt.Println(err)
	// Output:
	// 0.00000044999999999999993 <nil>
	// budget: "1e999999999": it has more than 24 digits before the decimal point
}

func ExampleParseGrant() {
	grant, err := budget.ParseGrant("USD:5.00")
	fmt.Println(grant.Currency, grant.Amount, err)
	_, err = budget.ParseGrant("USD:1e3")
	fmt.Println(err)
	var syntax *budget.SyntaxError
	fmt.Println(errors.As(err, &syntax) && syntax.Problem == budget.Exponent)
	// Output:
	// USD 5 <nil>
	// budget: "USD:1e3": the decimal has an exponent
	// true
}

func ExampleSortGrants() {
	_, err := budget.SortGrants([]budget.Grant{{Currency: "USD"}, {Currency: "EUR"}, {Currency: "USD"}})
	fmt.Println(err)
	// Output: budget: USD is budgeted twice
}

func ExampleAmount() {
	var sum budget.Amount
	for range 10 {
		sum, _ = sum.Add(cost("0.1"))
	}
	fmt.Println(sum == cost("1.00"), sum.Sign(), sum.Cmp(cost("1.0000000001")))
	// Output: true 1 -1
}

func ExampleAmount_MarshalJSON() {
	text, err := json.Marshal(map[string]budget.Amount{"USD": cost("-0.120"), "credits": cost("1e3")})
	fmt.Println(string(text), err)
	// Output: {"USD":-0.12,"credits":1000} <nil>
}

// A cost that was incurred is booked whatever is left, and shown as it is.
func ExampleLedger_Report() {
	ledger, _ := budget.New("job_1", []budget.Grant{{Currency: "USD", Amount: cost("1.00")}})
	fmt.Println(ledger.Report("job_1", "USD", cost("0.42")))
	fmt.Println(ledger.Report("job_1", "USD", cost("0.70")))
	fmt.Println(ledger.Report("job_1", "EUR", cost("0.70")))
	// Output:
	// 0.58 true <nil>
	// -0.12 true <nil>
	// 0 false <nil>
}

// A cost that is asked for first is refused whole where it would overspend.
func ExampleLedger_Charge() {
	ledger, _ := budget.New("job_1", []budget.Grant{{Currency: "USD", Amount: cost("1.00")}})
	_, _, err := ledger.Charge("job_1", "USD", cost("1.01"))
	fmt.Println(err)
	fmt.Println(ledger.Charge("job_1", "USD", cost("1.00")))
	// Output:
	// budget: a charge of 1.01 USD would overspend: 1 remaining
	// 0 true <nil>
}

// Two children that were each given all of it share it.
func ExampleLedger_Delegate() {
	all := []budget.Grant{{Currency: "USD", Amount: cost("5.00")}}
	ledger, _ := budget.New("root", all)
	fmt.Println(ledger.Delegate("root", "a", all), ledger.Delegate("root", "b", all))
	_, _, _ = ledger.Report("a", "USD", cost("5.00"))
	fmt.Println(ledger.Snapshot("root"), ledger.Snapshot("a"), ledger.Snapshot("b"))
	fmt.Println(ledger.Authorise("b"))
	fmt.Println(ledger.Delegate("root", "c", []budget.Grant{{Currency: "USD", Amount: cost("0.01")}}))
	// Output:
	// <nil> <nil>
	// [{USD 0}] [{USD 0}] [{USD 5}]
	// budget: USD is exhausted: 0 remaining
	// budget: a child may not have 0.01 USD: its parent has 0 remaining
}

func ExampleLedger_Forget() {
	ledger, _ := budget.New("root", []budget.Grant{{Currency: "USD", Amount: cost("5.00")}})
	_ = ledger.Delegate("root", "a", nil)
	_, _, _ = ledger.Report("a", "USD", cost("2"))
	ledger.Forget("a")
	fmt.Println(ledger.Remaining("root", "USD"))
	fmt.Println(ledger.Authorise("a"))
	// Output:
	// 3 true
	// budget: no accounts for job a
}
