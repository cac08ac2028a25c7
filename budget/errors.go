package budget

import "fmt"

// Problem says what is wrong with an amount or a grant, in words for a person.
type Problem string

// What can be wrong with the text of an amount or of a grant.
const (
	Empty       Problem = "it is empty"
	TooLong     Problem = "it has more than 64 characters"
	NotANumber  Problem = "it is not a decimal number as JSON writes them"
	TooFine     Problem = "it has more than 40 decimal places"
	TooLarge    Problem = "it has more than 24 digits before the decimal point"
	NoColon     Problem = "there is no colon between the currency and the decimal"
	NoCurrency  Problem = "there is no currency before the colon"
	BadCurrency Problem = "the currency is not a letter followed by at most 31 letters, digits, '.', '_' or '-'"
	NoDecimal   Problem = "there is no decimal after the colon"
	Signed      Problem = "the decimal has a sign"
	Exponent    Problem = "the decimal has an exponent"
	Spaced      Problem = "there is a space"
	NoWhole     Problem = "there is no digit before the decimal point"
	NoFraction  Problem = "there is no digit after the decimal point"
	NotADecimal Problem = "the decimal is not digits with at most one point between them"
)

// SyntaxError is a text that is not an amount or not a grant (§9.6). Text is as it came.
type SyntaxError struct {
	Text    string
	Problem Problem
}

// Error quotes at most the first 64 bytes of the text.
func (e *SyntaxError) Error() string {
	text := e.Text
	if len(text) > MaxText {
		text = text[:MaxText]
	}
	return fmt.Sprintf("budget: %q: %s", text, string(e.Problem))
}

// RangeError is a sum or a difference that no Amount can hold.
type RangeError struct {
	A, B      Amount
	Operation string // "+" or "-"
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("budget: %v %s %v is out of range", e.A, e.Operation, e.B)
}

// NegativeCost is a cost below zero: refused, and nothing is booked (§9.6).
type NegativeCost struct {
	Currency string
	Cost     Amount
}

func (e *NegativeCost) Error() string {
	return fmt.Sprintf("budget: a cost must not be negative: %v %s", e.Cost, e.Currency)
}

// Exhausted says which counter is at or below zero, so that no operation is authorised (§9.6).
type Exhausted struct {
	Currency  string
	Remaining Amount
}

func (e *Exhausted) Error() string {
	return fmt.Sprintf("budget: %s is exhausted: %v remaining", e.Currency, e.Remaining)
}

// Overspend is a charge that is more than what is left. Nothing was booked.
type Overspend struct {
	Currency  string
	Cost      Amount
	Remaining Amount
}

func (e *Overspend) Error() string {
	return fmt.Sprintf("budget: a charge of %v %s would overspend: %v remaining", e.Cost, e.Currency, e.Remaining)
}

// BeyondParent is a delegated budget that is more than the parent has left, or in a currency that the
// parent's lease does not budget (§9.4).
type BeyondParent struct {
	Currency  string
	Asked     Amount
	Remaining Amount // 0 where the parent has no such counter
	Budgeted  bool   // whether the parent has such a counter
}

func (e *BeyondParent) Error() string {
	if !e.Budgeted {
		return fmt.Sprintf("budget: the parent has no budget in %s", e.Currency)
	}
	return fmt.Sprintf("budget: a child may not have %v %s: its parent has %v remaining", e.Asked, e.Currency, e.Remaining)
}

// DuplicateCurrency is a list of grants that names one currency twice.
type DuplicateCurrency struct{ Currency string }

func (e *DuplicateCurrency) Error() string {
	return fmt.Sprintf("budget: %s is budgeted twice", e.Currency)
}

// UnknownJob is a job that the ledger does not hold: never opened, or forgotten.
type UnknownJob struct{ Job any }

func (e *UnknownJob) Error() string { return fmt.Sprintf("budget: no accounts for job %v", e.Job) }

// JobExists is a job that the ledger already holds.
type JobExists struct{ Job any }

func (e *JobExists) Error() string { return fmt.Sprintf("budget: job %v has accounts already", e.Job) }
