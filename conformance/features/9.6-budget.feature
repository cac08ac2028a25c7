Feature: §9.6 Budget capability
  A counter a currency, opened at exactly the budgeted value, from which each cost metric takes exactly its value; and
  while any counter is at or below 0, no operation.

  In the tables the left cell is what the job does and the right cell what must come of it. The order of the charges
  matters: binary floating point is right about 0.1 + 0.2 + 0.7 and wrong about 0.7 + 0.2 + 0.1.

  Rule: Exact counters

    @arcp-9.6-01 @must @R9.6-3 @R9.6-7 @R9.6-6 @R9.6-10 @feature:cost.budget
    Scenario: Ten times 0.1 is 1.00, and nine times is not
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | tool            | allowed |
        | 9 times 0.1 USD |         |
        | tool            | allowed |
        | 0.1 USD         |         |
        | tool            | refused |
      And "A" still answers

    @arcp-9.6-02 @must @R9.6-3 @R9.6-7 @feature:cost.budget
    Scenario Outline: <first> + <second> + <third> exhausts USD:1.00
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | tool         | allowed |
        | <first> USD  |         |
        | tool         | allowed |
        | <second> USD |         |
        | tool         | allowed |
        | <third> USD  |         |
        | tool         | refused |

      Examples:
        | first | second | third |
        | 0.7   | 0.2    | 0.1   |
        | 0.1   | 0.2    | 0.7   |
        | 0.7   | 0.1    | 0.2   |
        | 0.2   | 0.1    | 0.7   |
        | 0.2   | 0.7    | 0.1   |
        | 0.1   | 0.7    | 0.2   |

    @arcp-9.6-03 @must @R9.6-3 @R9.6-7 @feature:cost.budget
    Scenario Outline: <first> + <second> exhausts USD:<budget>
      Given a session "A"
      Then a job of "A" with the budget ["USD:<budget>"] goes as follows:
        | tool         | allowed |
        | <first> USD  |         |
        | tool         | allowed |
        | <second> USD |         |
        | tool         | refused |

      Examples:
        | budget | first | second |
        | 0.80   | 0.1   | 0.7    |
        | 0.80   | 0.7   | 0.1    |
        | 1.10   | 0.4   | 0.7    |
        | 1.10   | 0.7   | 0.4    |
        | 1.00   | 0.7   | 0.3    |
        | 1.00   | 0.3   | 0.7    |

    @arcp-9.6-04 @must @R9.6-3 @R9.6-7 @feature:cost.budget
    Scenario: Three times 0.1 is 0.30, and twice is not
      Given a session "A"
      Then a job of "A" with the budget ["USD:0.30"] goes as follows:
        | 2 times 0.1 USD |         |
        | tool            | allowed |
        | 0.1 USD         |         |
        | tool            | refused |

    @arcp-9.6-05 @must @R9.6-3 @R9.6-7 @feature:cost.budget
    Scenario: The price of a token, a thousand times: the last one exhausts the budget, and not one before
      Given a session "A"
      Then a job of "A" with the budget ["USD:0.00015"] goes as follows:
        | tool                     | allowed |
        | 999 times 0.00000015 USD |         |
        | tool                     | allowed |
        | 0.00000015 USD           |         |
        | tool                     | refused |

    # Floating point is at or below 0 after the 66 charges, with a hundredth of a millionth of a millionth left.
    @arcp-9.6-06 @must @R9.6-3 @R9.6-7 @feature:cost.budget
    Scenario: What is left after 66 charges is too little for floating point, and still allows
      Given a session "A"
      Then a job of "A" with the budget ["USD:9.90000000000001"] goes as follows:
        | 66 times 0.15 USD    |         |
        | tool                 | allowed |
        | 0.00000000000001 USD |         |
        | tool                 | refused |

    @arcp-9.6-07 @must @R9.6-7 @R9.6-3 @feature:cost.budget
    Scenario Outline: The smallest amount above 0 still allows: <charge> of USD:<budget>
      Given a session "A"
      Then a job of "A" with the budget ["USD:<budget>"] goes as follows:
        | <charge> USD |         |
        | tool         | allowed |
        | <rest> USD   |         |
        | tool         | refused |

      Examples:
        | budget          | charge          | rest                    |
        | 1.00            | 0.99999999      | 0.00000001              |
        | 0.00000045      | 4.49999999999999e-07 | 0.000000000000000000001 |
        | 999999999999.99 | 999999999999.98 | 0.01                    |

    # 17 digits, as a number printed by a language with floats: beyond what the suite insists on.
    @arcp-9.6-08 @may @R9.6-3 @feature:cost.budget
    Scenario Outline: 4.4999999999999993e-07 is counted to its last digit
      Given a session "A"
      Then a job of "A" with the budget ["USD:<budget>"] goes as follows:
        | 4.4999999999999993e-07 USD |         |
        | tool                       | allowed |
        | <rest> USD                 |         |
        | tool                       | refused |

      Examples:
        | budget                  | rest                       |
        | 0.00000045              | 0.00000000000000000000007  |
        | 0.00000044999999999999994 | 0.00000000000000000000001 |

    @arcp-9.6-09 @must @R9.6-3 @feature:cost.budget
    Scenario Outline: The value <form> is a tenth
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | 9 times <form> USD |         |
        | tool               | allowed |
        | <form> USD         |         |
        | tool               | refused |

      Examples:
        | form   |
        | 1e-1   |
        | 1E-1   |
        | 10e-2  |
        | 1.0e-1 |
        | 0.10   |

    @arcp-9.6-10 @must @R9.6-3 @feature:cost.budget
    Scenario Outline: <first> and <second> are one cost in two forms
      Given a session "A"
      Then a job of "A" with the budget ["USD:0.0000009"] goes as follows:
        | <first> USD  |         |
        | tool         | allowed |
        | <second> USD |         |
        | tool         | refused |

      Examples:
        | first      | second     |
        | 4.5e-7     | 0.00000045 |
        | 0.00000045 | 4.5e-7     |

    @arcp-9.6-11 @must @R9.6-3 @feature:cost.budget
    Scenario Outline: Any name that begins with cost. is a cost: <name>
      Given a session "A"
      Then a job of "A" with the budget ["USD:0.50"] goes as follows:
        | tool                   | allowed |
        | metric <name> 0.5 USD  |         |
        | tool                   | refused |

      Examples:
        | name            |
        | cost.inference  |
        | cost.search     |
        | cost.search.web |

    @arcp-9.6-12 @must @R9.6-3 @R9.6-7 @feature:cost.budget
    Scenario: A cost of 0 takes nothing off
      Given a session "A"
      Then a job of "A" with the budget ["USD:0.01"] goes as follows:
        | 0 USD    |         |
        | tool     | allowed |
        | 0.01 USD |         |
        | tool     | refused |

  Rule: What opens a counter

    @arcp-9.6-20 @must @R9.6-2 @R7.1-2 @feature:cost.budget
    Scenario Outline: job.accepted shows each counter at exactly its amount: <budget>
      Given a session "A"
      Then a job of "A" with the budget <budget> opens with the counters <counters>

      Examples:
        | budget                                | counters                          |
        | ["USD:5.00"]                          | {"USD":5}                         |
        | ["credits:1000"]                      | {"credits":1000}                  |
        | ["USD:0.1","EUR:0.7"]                 | {"USD":0.1,"EUR":0.7}             |
        | ["USD:0.00000015"]                    | {"USD":0.00000015}                |
        | ["USD:999999999999.99"]               | {"USD":999999999999.99}           |
        | ["EUR:12.345678","credits:1","USD:3"] | {"EUR":12.345678,"credits":1,"USD":3} |

    @arcp-9.6-21 @must @R9.6-2 @R9.6-7 @feature:cost.budget
    Scenario Outline: A budget of nothing is exhausted from the start: <amount>
      Given a session "A"
      Then a job of "A" with the budget ["<amount>"] goes as follows:
        | tool  | refused |
        | read  | refused |
        | write | refused |
        | fetch | refused |
      And a job of "A" with the budget ["<least>"] goes as follows:
        | tool  | allowed |
        | read  | allowed |
        | write | allowed |
        | fetch | allowed |

      Examples:
        | amount    | least     |
        | USD:0     | USD:1     |
        | USD:0.00  | USD:0.01  |
        | credits:0 | credits:1 |

    @arcp-9.6-22 @must @R9.6-2 @feature:cost.budget
    Scenario: Each job has its own counters
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | 1.00 USD |         |
        | tool     | refused |
      And a job of "A" with the budget ["USD:1.00"] goes as follows:
        | 0.99 USD |         |
        | tool     | allowed |
        | 0.01 USD |         |
        | tool     | refused |

    @arcp-9.6-23 @must @R7.1-4 @R7.1-2 @R9.6-5
    Scenario: Without cost.budget nothing is ever exhausted
      Given a session "A"
      Then a job of "A" with the budget [] opens with the counters {}
      And a job of "A" with the budget [] goes as follows:
        | tool                           | allowed     |
        | metric cost.search 1000000 USD | not counted |
        | 3 times 0.7 USD                | not counted |
        | tool                           | allowed     |
        | read                           | allowed     |
        | write                          | allowed     |
        | fetch                          | allowed     |

    @arcp-9.6-24 @must @R9.6-13 @feature:cost.budget
    Scenario Outline: Two entries for one currency: <budget>
      Given a session "A"
      Then a job of "A" with the budget <budget> is refused, or has 3 USD to spend
      And a job of "A" with the budget ["USD:3"] goes as follows:
        | 2.99 USD |         |
        | tool     | allowed |

      Examples:
        | budget                            |
        | ["USD:1.00","USD:2.00"]           |
        | ["USD:2.00","EUR:1.00","USD:1.00"] |

    @arcp-9.6-25 @may @R9.6-2 @feature:cost.budget
    Scenario: Leading zeros are digits
      Given a session "A"
      When "A" submits a job under the lease {"tool.call":["conformance.tool"],"cost.budget":["USD:007.50"]} that does:
        """
        []
        """
      Then it is told whether the job is accepted

  Rule: Amounts outside the grammar

    @arcp-9.6-30 @must @R9.6-1 @R7.1-5 @feature:cost.budget
    Scenario Outline: The amount <amount> is refused, and starts nothing
      Given a session "A"
      When "A" submits a job under the lease {"tool.call":["conformance.tool"],"cost.budget":[<amount>]} that does:
        """
        [{"op":"log","message":"this job must not run"}]
        """
      Then the submit is refused with INVALID_REQUEST
      And no job was started (R7.1-5)
      And a job of "A" with the budget ["USD:5"] goes as follows:
        | tool  | allowed |
        | 5 USD |         |
        | tool  | refused |

      Examples:
        | amount       |
        | "USD:-1"     |
        | "USD:1e3"    |
        | "USD:"       |
        | ":5"         |
        | "USD:.5"     |
        | "USD:5."     |
        | "USD:+5"     |
        | "USD: 5"     |
        | "USD:NaN"    |
        | "USD:0x1p4"  |
        | "USD:1_000"  |
        | 5            |
        | "USD:Infinity" |
        | "USD:1.2.3"  |
        | "USD:1,50"   |
        | "USD:5 "     |
        | "USD"        |
        | "5"          |
        | ""           |
        | {"USD":5}    |
        | ["USD:5"]    |
        | "USD:5","EUR:x" |
        | "USD:5\u000a" |
        | "\u0009USD:5" |

  Rule: What is no cost

    @arcp-9.6-40 @must @R9.6-5 @feature:cost.budget
    Scenario Outline: A metric that takes nothing off: <metric>
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | 0.4 USD         |             |
        | tool            | allowed     |
        | metric <metric> | not counted |
        | tool            | allowed     |
        | 0.6 USD         |             |
        | tool            | refused     |

      Examples:
        | metric              |
        | cost.search 5 EUR   |
        | cost.search 5       |
        | latency 5 USD       |
        | cost 5 USD          |
        | costs.total 5 USD   |
        | total.cost 5 USD    |

    @arcp-9.6-41 @must @R9.6-4 @feature:cost.budget
    Scenario Outline: A negative cost is rejected and takes nothing off: <value>
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | 0.4 USD     |             |
        | tool        | allowed     |
        | <value> USD | not counted |
        | tool        | allowed     |
        | 0.6 USD     |             |
        | tool        | refused     |

      Examples:
        | value       |
        | -0.6        |
        | -0.00000015 |
        | -1e3        |

    @arcp-9.6-42 @must @R9.6-4 @feature:cost.budget
    Scenario Outline: A value that is no number takes nothing off: <value>
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | 0.4 USD                        |             |
        | tool                           | allowed     |
        | metric cost.search <value> USD | not counted |
        | tool                           | allowed     |
        | 0.6 USD                        |             |
        | tool                           | refused     |

      Examples:
        | value |
        | "5"   |
        | true  |
        | [5]   |
        | null  |

    @arcp-9.6-43 @must @R9.6-11 @R9.6-3 @feature:cost.budget
    Scenario: The gauge that the runtime emits is not charged
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00","EUR:1.00"] goes as follows:
        | 0.5 USD                     |         |
        | tool                        | allowed |
        | 0.4 EUR                     |         |
        | tool                        | allowed |
        | 0.49 USD                    |         |
        | 0.59 EUR                    |         |
        | tool                        | allowed |
        | 0.01 USD                    |         |
        | tool                        | refused |

    @arcp-9.6-44 @may @R9.6-11 @feature:cost.budget
    Scenario: An agent's own metric of the gauge's name
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | 0.4 USD                              |             |
        | tool                                 | allowed     |
        | metric cost.budget.remaining 0.6 USD | not counted |
        | tool                                 | allowed     |
        | 0.6 USD                              |             |
        | tool                                 | refused     |

  Rule: What an exhausted counter refuses

    @arcp-9.6-50 @must @R9.6-6 @R9.6-2 @R9.6-10 @feature:cost.budget
    Scenario Outline: Of three currencies one is exhausted, by <cost>: every operation is refused
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00","EUR:1.00","credits:10"] goes as follows:
        | tool   | allowed |
        | read   | allowed |
        | write  | allowed |
        | fetch  | allowed |
        | <cost> |         |
        | tool   | refused |
        | read   | refused |
        | write  | refused |
        | fetch  | refused |
      And "A" still answers

      Examples:
        | cost       |
        | 1.00 USD   |
        | 1.00 EUR   |
        | 10 credits |

    @arcp-9.6-51 @must @R9.6-2 @R9.6-6 @feature:cost.budget
    Scenario: Each currency is counted by itself
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00","EUR:1.00"] goes as follows:
        | 0.9 USD |         |
        | tool    | allowed |
        | 0.9 EUR |         |
        | tool    | allowed |
        | 0.1 EUR |         |
        | tool    | refused |

    @arcp-9.6-52 @must @R9.6-8 @R9.6-3 @R9.6-6 @feature:cost.budget
    Scenario Outline: A cost beyond what is left is booked whole: <first> and <second> of 1.00 leave <left>
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | <first> USD  |         |
        | tool         | allowed |
        | <second> USD |         |
        | tool         | refused |
        | 0.05 USD     |         |
        | tool         | refused |

      Examples:
        | first | second     | left        |
        | 0.42  | 0.70       | -0.12       |
        | 0.1   | 0.90000001 | -0.00000001 |
        | 0.99  | 1000       | -999.01     |

    @arcp-9.6-53 @should @R9.6-9 @R9.6-6 @feature:cost.budget
    Scenario: After a refusal the agent goes on without cost
      Given a session "A"
      When "A" submits a job under the lease {"tool.call":["search"],"cost.budget":["USD:1.00"]} that does:
        """
        [{"op":"tool","name":"search","call_id":"before"},
         {"op":"metric","name":"cost.search","value":1,"unit":"USD"},
         {"op":"tool","name":"search","call_id":"after"},
         {"op":"log","message":"without cost"},
         {"op":"return","value":"what there is"}]
        """
      Then the call "before" has a result
      And the call "after" is refused with BUDGET_EXHAUSTED and retryable is false
      And the job has emitted a "log" event with {"message":"without cost"}
      And the job has the result "what there is"

    @arcp-9.6-54 @must @R9.6-10 @R7.3-2 @R9.6-6 @feature:cost.budget
    Scenario: A refusal that ends the job is an error, and not retryable
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | tool       | allowed |
        | 1.00 USD   |         |
        | fatal tool | refused |
      And a job of "A" still works

    @arcp-9.6-55 @must @R9.6-10 @R12-2
    Scenario: BUDGET_EXHAUSTED goes out with retryable false, whatever the agent says
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"log","message":"about to fail"},
         {"op":"fail","code":"BUDGET_EXHAUSTED","message":"the upstream's budget is spent","retryable":true}]
        """
      Then the job ends with the error BUDGET_EXHAUSTED
      And the ending says retryable false
      And a job of "A" still works

  Rule: Costs that come together

    @arcp-9.6-60 @must @R9.6-12 @R9.6-3 @feature:cost.budget
    Scenario Outline: 64 branches that each charge 0.01 ten times, of USD:<budget>
      Given a session "A"
      Then a job of "A" with the budget ["USD:<budget>"] goes as follows:
        | tool                             | allowed |
        | 64 branches of 10 times 0.01 USD |         |
        | tool                             | <then>  |

      Examples:
        | budget | then    |
        | 6.40   | refused |
        | 6.41   | allowed |

    @arcp-9.6-61 @must @R9.6-12 @R9.6-6 @feature:cost.budget
    Scenario: No operation is authorised after the exhausting charge, whichever branch asks
      Given a session "A"
      Then of 32 branches of "A" that each 5 times spend 0.01 USD of ["USD:1.00"] and try a tool, none gets by

  Rule: Costs that are asked for first

    @arcp-9.6-70 @must @R9.6-3 @R9.6-7 @R9.6-10 @feature:cost.budget
    Scenario: A charge is taken off whole or not at all
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | charge 0.6 USD |         |
        | tool           | allowed |
        | charge 0.5 USD | refused |
        | tool           | allowed |
        | charge 0.4 USD |         |
        | tool           | refused |

    @arcp-9.6-71 @must @R9.6-3 @R9.6-7 @feature:cost.budget
    Scenario: Ten charges of 0.1 are 1.00
      Given a session "A"
      Then a job of "A" with the budget ["USD:1.00"] goes as follows:
        | 9 times charge 0.1 USD |         |
        | tool                   | allowed |
        | charge 0.1 USD         |         |
        | charge 0.1 USD         | refused |
        | tool                   | refused |

  Rule: A budget that was not negotiated

    @arcp-9.6-80 @must @R6.2-4 @feature:cost.budget
    Scenario: A session without the feature asks for a budget
      Given a session "A" with only the features "heartbeat"
      And a session "B"
      Then a budget of "A", which has not negotiated it, is refused or enforced
      And a job of "B" with the budget ["USD:1.00"] goes as follows:
        | 1.00 USD |         |
        | tool     | refused |
